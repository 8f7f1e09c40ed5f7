import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { runInit } from '../../src/project/init.js';
import { tuneProject } from '../support/tune-project.js';

/** The entry of a candidate as the fake cargo sees it. */
const UNITS_16 = 'package.app.codegen-units=16';

describe('tune on a project whose builds take the time that the test gives them', () => {
  it('says so when no setting wins, and changes nothing', async () => {
    const app = await tuneProject();
    const before = await readFile(app.project.path('Cargo.toml'), 'utf8');
    const { result, said, json } = await app.tune();
    expect(result, said).toEqual({ ok: true, value: 0 });
    expect(said).toContain('No setting wins beyond the noise');
    expect(json).toMatchObject({ schema: 1, winner: null, written: false, end: 'complete' });
    expect(await readFile(app.project.path('Cargo.toml'), 'utf8')).toBe(before);
    expect(existsSync(app.project.path('target/leptos-fast/tune'))).toBe(false);
  });

  it('offers a winner as a diff, writes it after a yes, and init --remove takes it out byte for byte', async () => {
    const app = await tuneProject();
    await app.speeds([`600 ${UNITS_16}`]);
    const before = await readFile(app.project.path('Cargo.toml'), 'utf8');
    const { result, said, json } = await app.tune({ yes: true });
    expect(result, said).toEqual({ ok: true, value: 0 });
    expect(json.winner).toMatchObject({ ids: ['codegen-units-16'], edits: 6, ratio: { value: 0.6 } });
    expect(json.written).toBe(true);
    const after = await readFile(app.project.path('Cargo.toml'), 'utf8');
    expect(after).toContain('[profile.dev-fast] # leptos-fast: tuned preset');
    expect(after).toContain('package.app.codegen-units = 16 # leptos-fast\n');
    expect(after).toContain('debug = false # leptos-fast\n');
    const io = { cwd: app.project.dir, write: () => undefined };
    const options = { dir: app.project.dir, remove: false, yes: false };
    expect(await runInit({ ...options, mode: 'check' }, io)).toEqual({ ok: true, value: 0 });
    expect(await runInit({ ...options, mode: 'write', remove: true }, io)).toEqual({ ok: true, value: 0 });
    expect(await readFile(app.project.path('Cargo.toml'), 'utf8')).toBe(before);
  });
});

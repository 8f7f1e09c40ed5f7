import { readFileSync } from 'node:fs';
import kleur from 'kleur';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ERROR_CODES } from '../../src/core/errors.js';
import { ALL_CHECKS } from '../../src/doctor/all-checks.js';
import type { Diagnosed } from '../../src/doctor/diagnosis.js';
import { renderReport } from '../../src/doctor/report.js';
import { toJson } from '../../src/doctor/report-json.js';

const CHECKS: readonly Diagnosed[] = [
  {
    id: 'wasm-bindgen',
    status: 'problem',
    found: 'wasm-bindgen 0.2.99 on PATH does not match wasm-bindgen 0.2.130 in Cargo.lock',
    why: 'The two must have the same format.',
    where: { file: '/home/ann/app/node_modules/.bin/wasm-bindgen' },
    fix: ['cargo install wasm-bindgen-cli@0.2.130 --locked', 'or remove it'],
    code: 'LF013',
    repair: { kind: 'install', program: 'cargo', args: [], cwd: '/' },
  },
  { id: 'memory', status: 'warning', found: '1.0 GB free', fix: ['close something'] },
  { id: 'linker', status: 'unknown', found: 'not looked for' },
  { id: 'node', status: 'ok', found: 'Node.js 20.20.2' },
];

const examination = { root: '/home/ann/app', projects: ['app'], checks: CHECKS };
const render = (columns: number, isAfterRepair = false) =>
  renderReport(examination, { cwd: '/home/ann/app', columns, isAfterRepair });

describe('the report', () => {
  const { enabled } = kleur;
  beforeEach(() => {
    kleur.enabled = false;
  });
  afterEach(() => {
    kleur.enabled = enabled;
  });

  it('tells the worst first, each with its mark and word, and what it comes to', () => {
    expect(render(100)).toBe(`
  ✗ problem  wasm-bindgen  wasm-bindgen 0.2.99 on PATH does not match wasm-bindgen 0.2.130 in
                           Cargo.lock (LF013)
                           node_modules/.bin/wasm-bindgen
                           The two must have the same format.
                           fix: cargo install wasm-bindgen-cli@0.2.130 --locked
                                or remove it

  ! warning  memory        1.0 GB free
                           fix: close something

  ? unknown  linker        not looked for

  ✓ ok       node          Node.js 20.20.2

  1 problem, 1 warning, 1 unknown, 1 ok
  What can be done by itself: leptos-fast doctor --fix
`);
  });

  it.each([60, 80, 120])('keeps to %i columns', (columns) => {
    const widths = render(columns)
      .split('\n')
      .map((line) => line.length);
    expect(Math.max(...widths)).toBeLessThanOrEqual(columns);
  });

  it('does not offer again what was just tried', () => {
    expect(render(100, true)).not.toContain('--fix');
  });

  it('means the same in colour', () => {
    kleur.enabled = true;
    const coloured = render(100);
    expect(coloured).toContain('\u001b[');
    kleur.enabled = false;
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control characters
    expect(coloured.replaceAll(/\u001b\[[\d;]*m/g, '')).toBe(render(100));
  });
});

describe('--json', () => {
  it('is one object of a known version', () => {
    const json = JSON.parse(toJson(examination, undefined));
    expect(json).toMatchObject({
      version: 1,
      root: '/home/ann/app',
      projects: ['app'],
      summary: { problem: 1, warning: 1, unknown: 1, ok: 1 },
    });
    expect(json).not.toHaveProperty('repairs');
    expect(json.checks[0]).toEqual({
      id: 'wasm-bindgen',
      status: 'problem',
      message: 'wasm-bindgen 0.2.99 on PATH does not match wasm-bindgen 0.2.130 in Cargo.lock',
      why: 'The two must have the same format.',
      where: { file: '/home/ann/app/node_modules/.bin/wasm-bindgen' },
      fix: ['cargo install wasm-bindgen-cli@0.2.130 --locked', 'or remove it'],
      code: 'LF013',
      fixable: true,
    });
    expect(json.checks[3]).toEqual({ id: 'node', status: 'ok', message: 'Node.js 20.20.2', fix: [], fixable: false });
  });
});

describe('docs/doctor.md', () => {
  const text = readFileSync(new URL('../../docs/doctor.md', import.meta.url), 'utf8');
  const rows = [...text.matchAll(/^\| `([\w-]+)` \|(.*)$/gm)].map(([, id = '', rest = '']) => ({ id, rest }));

  it('has one row for every check, in order, and none besides', () => {
    expect(rows.map(({ id }) => id)).toEqual(['project', 'lockfile', ...ALL_CHECKS.map(({ id }) => id)]);
  });

  it('names the codes of each check in its row, and only codes that there are', () => {
    for (const { id, codes = [] } of ALL_CHECKS) {
      const named = rows.find((row) => row.id === id)?.rest.match(/LF\d{3}/g) ?? [];
      expect([...new Set(named)], id).toEqual([...codes]);
    }
    for (const code of text.match(/LF\d{3}/g) ?? []) expect(ERROR_CODES).toHaveProperty(code);
  });
});

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'smol-toml';
import { describe, expect, it } from 'vitest';
import { cargo, init, project, read } from './init-support.js';

const ZOO = fileURLToPath(new URL('../../fixtures/manifests/', import.meta.url));

/** Crates that the presets name, so that there are entries to write. */
const LOCK = ['syn', 'quote'].map((name) => `[[package]]\nname = "${name}"\nversion = "2.0.0"\n`).join('\n');

describe('real cargo', () => {
  it.each(readdirSync(ZOO))('takes %s as init leaves it', async (name) => {
    const text = readFileSync(join(ZOO, name), 'utf8');
    const root = project({ 'src/lib.rs': '', 'src/main.rs': 'fn main() {}', 'Cargo.lock': LOCK });
    writeFileSync(join(root, 'Cargo.toml'), text);
    for (const member of membersOf(text)) addMember(root, member);
    expect(await init(root, '--yes')).toMatchObject({ exitCode: 0, stderr: '' });
    expect(read(root)).not.toBe(text);
    const metadata = await cargo(root, ['metadata', '--no-deps', '--format-version', '1', '--offline']);
    expect(metadata.exitCode).toBe(0);
    expect(metadata.stderr).not.toContain('dev-fast');
  });
});

function membersOf(text: string): string[] {
  const { workspace } = parse(text.replace(/^\uFEFF/, '')) as { workspace?: { members?: string[] } };
  return (workspace?.members ?? []).filter((member) => member !== '.').map((member) => member.replace('*', 'any'));
}

function addMember(root: string, member: string): void {
  mkdirSync(join(root, member, 'src'), { recursive: true });
  writeFileSync(join(root, member, 'src/lib.rs'), '');
  const name = member.replaceAll('/', '-');
  const leptos = basename(member) === 'app' ? '[package.metadata.leptos]\n' : '';
  writeFileSync(join(root, member, 'Cargo.toml'), `[package]\nname = "${name}"\nversion = "0.1.0"\n${leptos}`);
}

import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findExecutable } from '../../src/doctor/find-executable.js';
import { versionIn } from '../../src/doctor/run-tool.js';
import { tempDir } from './project-support.js';

describe.skipIf(process.platform === 'win32')('findExecutable', () => {
  async function folders(): Promise<{ readonly first: string; readonly second: string; readonly PATH: string }> {
    const base = await tempDir();
    const first = join(base, 'erster Ordner');
    const second = join(base, 'second');
    for (const dir of [first, second]) {
      await mkdir(dir);
      await writeFile(join(dir, 'tool'), '');
      await chmod(join(dir, 'tool'), 0o755);
    }
    return { first, second, PATH: ['', join(base, 'none'), first, second].join(delimiter) };
  }

  it('takes the first on PATH', async () => {
    const { first, PATH } = await folders();
    expect(await findExecutable('tool', { PATH })).toBe(join(first, 'tool'));
  });

  it('passes over what is not executable, and over folders', async () => {
    const { first, second, PATH } = await folders();
    await chmod(join(first, 'tool'), 0o644);
    expect(await findExecutable('tool', { PATH })).toBe(join(second, 'tool'));
    await mkdir(join(first, 'other'));
    expect(await findExecutable('other', { PATH })).toBeUndefined();
  });

  it('looks into the extra folders last', async () => {
    const { first, second } = await folders();
    expect(await findExecutable('tool', { PATH: second }, [first])).toBe(join(second, 'tool'));
    expect(await findExecutable('tool', { PATH: '' }, [first])).toBe(join(first, 'tool'));
    expect(await findExecutable('tool', {}, [])).toBeUndefined();
  });
});

describe('versionIn', () => {
  it.each([
    ['cargo 1.95.0 (f2d3ce0bd 2026-03-21)', '1.95.0'],
    ['rustc 1.97.0-nightly (abc 2026-05-01)', '1.97.0-nightly'],
    ['wasm-bindgen 0.2.130', '0.2.130'],
    ['hello', undefined],
  ])('%s', (answer, version) => {
    expect(versionIn(answer)).toBe(version);
  });
});

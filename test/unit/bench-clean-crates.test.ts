import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cleanCrates } from '../../src/bench/clean-crates.js';
import { tempDir, writeFiles } from '../support/temp-dir.js';

describe('cleanCrates', () => {
  it('removes a crate from each profile and target, and no other', async () => {
    const dir = await tempDir();
    const hash = '0123456789abcdef';
    const own = [
      `debug/.fingerprint/my-app-${hash}/x`,
      `debug/deps/libmy_app-${hash}.rlib`,
      `debug/deps/my_app-${hash}.d`,
      'debug/deps/my_app.wasm',
      'debug/incremental/my_app-3ksd9qw/x',
      `front/wasm32-unknown-unknown/dev-fast/.fingerprint/my-app-${hash}/x`,
    ];
    const others = [
      `debug/.fingerprint/my-app-macros-${hash}/x`,
      `debug/deps/libmy_app_macros-${hash}.rlib`,
      `debug/deps/libleptos-${hash}.rlib`,
      `front/wasm32-unknown-unknown/dev-fast/deps/libleptos-${hash}.rlib`,
      'leptos-fast/history/my_app.jsonl',
    ];
    await writeFiles(dir, Object.fromEntries([...own, ...others].map((file) => [file, ''])));
    await cleanCrates(dir, ['my-app']);
    const left = await readdir(dir, { recursive: true, withFileTypes: true });
    const files = left.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    expect(files.sort()).toEqual(others.map((file) => join(dir, file)).sort());
  });
});

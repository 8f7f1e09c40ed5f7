import { chmod, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A new folder that is gone after the test; `name` is the last part of its path. */
export async function tempDir(name?: string): Promise<string> {
  const base = await realpath(await mkdtemp(join(tmpdir(), 'lf-test-')));
  onTestFinished(() => rm(base, { recursive: true, force: true, maxRetries: 5 }));
  if (name === undefined) return base;
  await mkdir(join(base, name));
  return join(base, name);
}

/** Writes files below a folder and the folders that they need. */
export async function writeFiles(dir: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(dir, name)), { recursive: true });
    await writeFile(join(dir, name), text);
  }
}

/** Writes an executable script. */
export async function writeScript(path: string, text: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
  await chmod(path, 0o755);
  return path;
}

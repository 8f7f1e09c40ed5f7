import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/**
 * Finds an executable file as a shell or Rust's `which` would: the first on `env.PATH`, then in `extraDirs`; on Windows with each
 * extension of PATHEXT. Empty PATH entries are passed over. Returns an absolute path when PATH has absolute entries, or `undefined`.
 */
export async function findExecutable(
  name: string,
  env: NodeJS.ProcessEnv,
  extraDirs: readonly string[] = [],
): Promise<string | undefined> {
  const dirs = [...pathDirs(env), ...extraDirs];
  for (const dir of dirs) {
    for (const extension of extensions(env)) {
      const file = join(dir, name + extension);
      if (await isExecutable(file)) return file;
    }
  }
  return undefined;
}

/** The folders of PATH in order. On Windows the variable may be written `Path`. */
function pathDirs(env: NodeJS.ProcessEnv): readonly string[] {
  const key = process.platform === 'win32' ? Object.keys(env).find((name) => /^path$/i.test(name)) : 'PATH';
  return (env[key ?? 'PATH'] ?? '').split(delimiter).filter((dir) => dir !== '');
}

function extensions(env: NodeJS.ProcessEnv): readonly string[] {
  if (process.platform !== 'win32') return [''];
  return (env.PATHEXT ?? '.COM;.EXE;.BAT;.CMD').split(';');
}

async function isExecutable(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}

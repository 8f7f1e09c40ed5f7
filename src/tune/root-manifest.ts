import { readFile } from 'node:fs/promises';
import { parse } from 'smol-toml';
import { err, ok, type Result } from '../core/result.js';

/** A root manifest as values, to look up profiles. Error: LF002; cargo has read it before, so that is rare. */
export async function readRootManifest(path: string): Promise<Result<Readonly<Record<string, unknown>>>> {
  try {
    return ok(parse(await readFile(path, 'utf8')));
  } catch (error) {
    return err({
      code: 'LF002',
      message: 'Cargo.toml is not valid TOML',
      where: { file: path },
      why: error instanceof Error ? error.message : String(error),
      help: ['mend it; cargo cannot read the file either'],
      exitCode: 3,
    });
  }
}

import { readFile } from 'node:fs/promises';
import { isAbsolute, resolve } from 'node:path';

/**
 * Reads the dep-info that cargo writes beside an artifact (`tidepool.d` beside `tidepool` or `tidepool.wasm`): every
 * source file of the artifact and of its path dependencies, with what `include_str!`, `include_bytes!`, `env!` files
 * and build scripts named (doc.rust-lang.org/cargo/guide/build-cache.html, "Dep-info files"). It is written as a
 * makefile rule, with spaces in names escaped. Relative names count from `cwd`. Empty where there is no such file.
 */
export async function readDepInfo(artifact: string, cwd: string): Promise<readonly string[]> {
  const text = await readFile(depInfoPath(artifact), 'utf8').catch(() => '');
  return parseDepInfo(text).map((path) => (isAbsolute(path) ? path : resolve(cwd, path)));
}

/** The prerequisites of a makefile's rules. */
export function parseDepInfo(text: string): readonly string[] {
  const found = new Set<string>();
  for (const line of text.split(/\r?\n/)) {
    // A target is followed by a colon and a space or the end; `C:\` is not.
    const rule = /^(?:\\.|[^:]|:(?! |$))*:(?: (.*))?$/.exec(line);
    for (const name of rule?.[1]?.match(/(?:\\.|[^\s\\])+/g) ?? []) found.add(name.replace(/\\([ #\\])/g, '$1'));
  }
  return [...found];
}

function depInfoPath(artifact: string): string {
  return artifact.replace(/(\.(wasm|exe|rlib|so|dylib|dll))?$/, '.d');
}

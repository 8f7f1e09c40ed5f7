import { access, constants, lstat, readFile, realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { LfError } from '../core/errors.js';
import { replaceFile } from '../core/replace-file.js';
import { err, ok, type Result } from '../core/result.js';

/** A manifest as it was read. */
export interface ManifestFile {
  /** The path as cargo and the user know it. */
  readonly path: string;
  /** The file behind symlinks, which is the one that is written. */
  readonly realPath: string;
  /** UTF-8 with its byte order mark, if it has one. */
  readonly text: string;
  readonly bytes: Buffer;
}

/** A manifest and the text it shall have. */
export interface ManifestChange {
  readonly file: ManifestFile;
  readonly text: string;
}

/**
 * Reads a manifest. Errors: LF001 when there is none, LF004 when it is a directory or cannot be read, LF002 when it is
 * not UTF-8, which TOML has to be.
 */
export async function readManifestFile(path: string): Promise<Result<ManifestFile>> {
  let bytes: Buffer;
  let realPath: string;
  try {
    realPath = await realpath(path);
    if ((await stat(realPath)).isDirectory()) return err(unreadable(path, 'it is a directory'));
    bytes = await readFile(realPath);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT' && !(await isLink(path))) return err(missing(path));
    return err(unreadable(path, messageOf(error)));
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return ok({ path, realPath, text, bytes });
  } catch {
    return err({
      code: 'LF002',
      message: 'Cargo.toml is not UTF-8',
      where: { file: path },
      why: 'TOML files are UTF-8; cargo cannot read this one either',
      help: ['save the file as UTF-8'],
      exitCode: 3,
    });
  }
}

/**
 * Writes all changes or none: each file through a temporary one beside it that takes its place, then `verify`; when that
 * says no, every file gets its old bytes back. Nothing is written when one of the files is read-only or has changed since
 * it was read. Errors: LF030, or what `verify` returned.
 */
export async function writeManifests(
  changes: readonly ManifestChange[],
  verify: () => Promise<Result<void>>,
): Promise<Result<void>> {
  for (const { file } of changes) {
    const refusal = (await refuseReadOnly(file)) ?? (await refuseChanged(file, file.bytes));
    if (refusal) return err(refusal);
  }
  const written: ManifestChange[] = [];
  for (const change of changes) {
    const failure = await replaceManifest(change.file, change.file.bytes, Buffer.from(change.text));
    if (failure) return err(await putBack(written, failure));
    written.push(change);
  }
  const verdict = await verify();
  return verdict.ok ? verdict : err(await putBack(written, verdict.error));
}

/** Gives the files their old bytes back; a file that somebody else wrote meanwhile is left alone and named. */
async function putBack(written: readonly ManifestChange[], cause: LfError): Promise<LfError> {
  const failures: LfError[] = [];
  for (const { file, text } of written) {
    const failure = await replaceManifest(file, Buffer.from(text), file.bytes);
    if (failure) failures.push(failure);
  }
  if (failures.length === 0) return cause;
  const notes = failures.map(
    ({ message, where, why }) => `${where?.file}: ${message}, so it was not put back (${why})`,
  );
  return { ...cause, why: [cause.why ?? '', ...notes].join('\n') };
}

async function replaceManifest(file: ManifestFile, expected: Buffer, bytes: Buffer): Promise<LfError | undefined> {
  try {
    return await replaceFile(file.realPath, bytes, () => refuseChanged(file, expected));
  } catch (error) {
    return notWritten(file, messageOf(error));
  }
}

/** A rename would replace a read-only file, and root may write any, so the mode bits are looked at. */
async function refuseReadOnly(file: ManifestFile): Promise<LfError | undefined> {
  try {
    if (((await stat(file.realPath)).mode & 0o200) === 0) return notWritten(file, 'the file is read-only');
    await access(file.realPath, constants.W_OK);
    await access(dirname(file.realPath), constants.W_OK);
    return undefined;
  } catch (error) {
    return notWritten(file, messageOf(error));
  }
}

async function refuseChanged(file: ManifestFile, expected: Buffer): Promise<LfError | undefined> {
  try {
    if ((await readFile(file.realPath)).equals(expected)) return undefined;
  } catch (error) {
    return notWritten(file, messageOf(error));
  }
  return {
    ...notWritten(file, 'something else changed the file after it was read'),
    help: ['run init again; it reads the new text'],
  };
}

function notWritten(file: ManifestFile, why: string): LfError {
  return {
    code: 'LF030',
    message: 'the manifest cannot be written',
    where: { file: file.path },
    why,
    help: ['make the file and its folder writable (chmod u+w) and run init again'],
    exitCode: 3,
  };
}

function missing(path: string): LfError {
  return {
    code: 'LF001',
    message: 'there is no Cargo.toml',
    where: { file: path },
    help: ['run leptos-fast in a Leptos project, or name its folder'],
    exitCode: 3,
  };
}

function unreadable(path: string, why: string): LfError {
  return {
    code: 'LF004',
    message: 'Cargo.toml cannot be read',
    where: { file: path },
    why,
    help: ['Cargo.toml has to be a file that you may read'],
    exitCode: 3,
  };
}

async function isLink(path: string): Promise<boolean> {
  return lstat(path).then(
    (stats) => stats.isSymbolicLink(),
    () => false,
  );
}

function errnoOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

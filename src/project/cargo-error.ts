import { basename, resolve } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { LfError, Place } from '../core/errors.js';

/** Cargo's words are shown up to this many lines. */
const SHOWN_LINES = 14;

interface CargoRun {
  /** Where cargo ran: it prints paths relative to this. */
  readonly cwd: string;
  readonly manifestPath: string;
}

/**
 * Turns what a failed `cargo metadata` wrote on stderr into an error with a place and a way out.
 * LF002 an invalid manifest (also a member's or a path dependency's), LF004 one that cannot be read,
 * LF010 a toolchain that isn't installed, LF005 anything else, with cargo's own words.
 * The formats are those of cargo 1.95, and for invalid TOML also the one before 1.93 ("TOML parse error at line 3, column 11").
 */
export function explainCargoError(stderr: string, run: CargoRun): LfError {
  const said = cargosWords(stderr);
  return (
    invalidConfiguration(said) ??
    invalidManifest(said, run) ??
    unreadableManifest(said) ??
    missingToolchain(said) ??
    missingFile(said, run) ??
    unreachableNetwork(said, run) ?? {
      code: 'LF005',
      message: `cargo metadata failed: ${headline(said)}`,
      where: { file: run.manifestPath },
      why: firstLines(said),
      help: ['Mend what cargo says; `cargo metadata --format-version 1` shows the same.'],
      exitCode: 3,
    }
  );
}

/** Colours, the progress lines and warnings before the first error, and rustup's backtrace are left out. */
function cargosWords(stderr: string): string {
  const lines = stripVTControlCharacters(stderr).replaceAll('\r\n', '\n').split('\n');
  const first = lines.findIndex((line) => line.startsWith('error:'));
  const backtrace = lines.findIndex((line) => line.startsWith('Stack backtrace:'));
  return lines
    .slice(Math.max(first, 0), backtrace === -1 ? undefined : backtrace)
    .join('\n')
    .trim();
}

/** cargo reads its configuration before any manifest. */
function invalidConfiguration(said: string): LfError | undefined {
  const file = /could not parse TOML configuration in `(.+)`/.exec(said)?.[1];
  if (file === undefined) return undefined;
  const [, line, column] = /TOML parse error at line (\d+), column (\d+)| --> .+:(\d+):(\d+)/.exec(said) ?? [];
  return {
    code: 'LF005',
    message: "cargo's configuration is not valid",
    where: { file, ...(line !== undefined && column !== undefined && { line: Number(line), column: Number(column) }) },
    why: firstLines(said),
    help: [line === undefined ? 'Correct this file.' : `Correct line ${line} of this file.`],
    exitCode: 3,
  };
}

function invalidManifest(said: string, run: CargoRun): LfError | undefined {
  const place = tomlPlace(said, run);
  if (!place || basename(place.file) !== 'Cargo.toml') return undefined;
  return {
    code: 'LF002',
    message: 'Cargo.toml is not valid',
    where: place,
    why: firstLines(said),
    help: [place.line === undefined ? 'Correct this file.' : `Correct line ${place.line} of this file.`],
    exitCode: 3,
  };
}

function tomlPlace(said: string, run: CargoRun): Place | undefined {
  const arrow = /^ *--> (.+):(\d+):(\d+)$/m.exec(said);
  if (arrow?.[1]) return { file: resolve(run.cwd, arrow[1]), line: Number(arrow[2]), column: Number(arrow[3]) };

  const named = /failed to parse manifest at `(.+)`|path at `(.+)` was not valid utf-8/.exec(said);
  const file = named?.[1] ?? named?.[2];
  if (file === undefined) return undefined;
  const position = /TOML parse error at line (\d+), column (\d+)/.exec(said);
  return position
    ? { file: resolve(run.cwd, file), line: Number(position[1]), column: Number(position[2]) }
    : { file: resolve(run.cwd, file) };
}

function unreadableManifest(said: string): LfError | undefined {
  const file = /failed to read `(.+Cargo\.toml)`/.exec(said)?.[1];
  const cause = /(.*(?:Is a directory|Permission denied|Access is denied|symbolic links).*)/.exec(said)?.[1];
  if (file === undefined || cause === undefined) return undefined;
  return {
    code: 'LF004',
    message: 'Cargo.toml cannot be read',
    where: { file },
    why: cause.trim(),
    help: ['This must be a file that you have the right to read.'],
    exitCode: 3,
  };
}

/** What rustup says when the toolchain that is asked for is not there; undefined when it says something else. */
export function missingToolchain(said: string): LfError | undefined {
  const name = /toolchain '([^']+)'.* is not installed/.exec(said)?.[1];
  const noDefault = said.includes('rustup could not choose a version of');
  if (name === undefined && !noDefault) return undefined;
  return {
    code: 'LF010',
    message: name === undefined ? 'rustup has no default toolchain' : `the Rust toolchain ${name} is not installed`,
    why: headline(said),
    help: [name === undefined ? 'rustup default stable' : `rustup toolchain install ${name}`],
    exitCode: 3,
  };
}

function missingFile(said: string, run: CargoRun): LfError | undefined {
  const missing = /failed to read `(.+Cargo\.toml)`/.exec(said)?.[1];
  if (missing === undefined) return undefined;
  const dependency = /failed to get `(.+)` as a dependency of package `(.+)`/.exec(said);
  const isMember = said.includes('failed to load manifest for workspace member');
  const asked = dependency ? `the path dependency \`${dependency[1]}\`` : isMember ? 'a workspace member' : 'a package';
  return {
    code: 'LF005',
    message: `${asked} is not where the manifest says`,
    where: { file: run.manifestPath },
    why: firstLines(said),
    help: [`Correct the path in the manifest, or create ${missing}`],
    exitCode: 3,
  };
}

function unreachableNetwork(said: string, run: CargoRun): LfError | undefined {
  if (!/network|could not resolve host|couldn't connect|failed to download|--offline|timed out|SSL/i.test(said)) {
    return undefined;
  }
  return {
    code: 'LF005',
    message: 'cargo could not resolve the dependencies without the network',
    where: { file: run.manifestPath },
    why: firstLines(said),
    help: ['Connect to the network and run `cargo fetch` once; after that the project starts offline too.'],
    exitCode: 3,
  };
}

function headline(said: string): string {
  const [first = ''] = said.split('\n');
  return first.replace(/^error: /, '').replace(/\.$/, '') || 'it gave no reason';
}

function firstLines(said: string): string {
  const lines = said.replace(/^error: /, '').split('\n');
  return lines.length <= SHOWN_LINES ? lines.join('\n') : [...lines.slice(0, SHOWN_LINES), '…'].join('\n');
}

import type { PresetEntry, ProfileValue } from '../project/preset.js';
import type { Candidate, NotTried } from './candidate.js';
import type { ProfileView } from './profile-view.js';

/** A linker that was found, and what the C compiler has to be told to take it. */
export interface FoundLinker {
  readonly name: string;
  readonly linkArgs: readonly string[];
}

/** What this machine offers. */
export interface TuneMachine {
  readonly hostTriple: string;
  readonly linkers: readonly FoundLinker[];
  /** Why none (or not all) of the linkers can be tried; undefined when there is nothing to say. */
  readonly noLinker?: string;
  /** The toolchain takes unstable flags. */
  readonly nightly: boolean;
  /** It has Cranelift as a backend. */
  readonly cranelift: boolean;
  readonly cpus: number;
}

export interface SettingsInput {
  /** What the front and the server are built with now. */
  readonly profile: ProfileView;
  readonly machine: TuneMachine;
  /** The project's own crates, which are built at each edit or may be. */
  readonly localCrates: readonly string[];
  /** The crates behind `view!` and `#[server]` that are in Cargo.lock. */
  readonly macroCrates: readonly string[];
}

export interface Settings {
  readonly candidates: readonly Candidate[];
  readonly notTried: readonly NotTried[];
}

/** Cargo's own number for incremental builds is 256 (doc.rust-lang.org/cargo/reference/profiles.html). */
const CODEGEN_UNITS = [16, 64] as const;
const NO_DEBUGGER = 'no stepping in a debugger; backtraces name functions but not lines';
const LINES_ONLY = 'no variables in a debugger; backtraces keep their lines';

/** All settings that can make sense on this project and machine, the cheapest to try first, and what is left out. */
export function settingsToTry(input: SettingsInput): Settings {
  const parts = [linkers(input), codegenUnits(input), debug(input), macros(input), names(input), nightly(input)];
  return {
    candidates: parts.flatMap(({ candidates }) => candidates),
    notTried: parts.flatMap(({ notTried }) => notTried),
  };
}

function linkers({ machine }: SettingsInput): Settings {
  const { hostTriple } = machine;
  const candidates = machine.linkers.map(
    ({ name, linkArgs }): Candidate => ({
      id: `linker-${name}`,
      group: 'linker',
      title: `${name} as the server's linker`,
      entries: [],
      linkArgs,
      rebuilds: 'link',
      cost: 'building everything anew, once',
      byHand: {
        file: '.cargo/config.toml',
        lines: [
          `[target.${hostTriple}]`,
          `rustflags = [${linkArgs.map((arg) => JSON.stringify(`-Clink-arg=${arg}`)).join(', ')}]`,
        ],
      },
    }),
  );
  return {
    candidates,
    notTried: machine.noLinker === undefined ? [] : [{ group: 'linker', what: 'linker', why: machine.noLinker }],
  };
}

function codegenUnits({ profile, localCrates }: SettingsInput): Settings {
  const now = profile.number('codegen-units');
  const candidates = CODEGEN_UNITS.filter((units) => units !== now).map(
    (units): Candidate => ({
      id: `codegen-units-${units}`,
      group: 'codegen-units',
      title: `the app's crates in ${units} codegen units`,
      entries: localCrates.map((crate) => entry(['package', crate, 'codegen-units'], units)),
      rebuilds: 'app',
    }),
  );
  return { candidates, notTried: [] };
}

function debug({ profile }: SettingsInput): Settings {
  const level = profile.debug();
  if (level === 'none')
    return {
      candidates: [],
      notTried: [{ group: 'debug', what: 'debug info', why: 'there is none in this profile: less is not possible' }],
    };
  const none = debugCandidate('debug-none', 'no debug info', [entry(['debug'], false)], NO_DEBUGGER);
  const lines = debugCandidate('debug-lines', 'line tables only', [entry(['debug'], 'line-tables-only')], LINES_ONLY);
  const own = debugCandidate(
    'debug-own',
    'no debug info in dependencies',
    [entry(['package', '*', 'debug'], false)],
    'a debugger steps over dependencies; backtraces name their functions but not their lines',
  );
  const split: Candidate = {
    id: 'split-unpacked',
    group: 'split-debuginfo',
    title: 'debug info beside the server, not in it',
    entries: [entry(['split-debuginfo'], 'unpacked')],
    rebuilds: 'all',
    cost: 'the server finds its debug info only while the target directory is there',
  };
  const isSplit = profile.string('split-debuginfo') === 'unpacked';
  return {
    candidates: [none, ...(level === 'full' ? [lines] : []), own, ...(isSplit ? [] : [split])],
    notTried: isSplit
      ? [{ group: 'split-debuginfo', what: 'split-debuginfo', why: 'the debug info is split already' }]
      : [],
  };
}

function debugCandidate(id: string, title: string, entries: readonly PresetEntry[], cost: string): Candidate {
  return { id, group: 'debug', title, entries, rebuilds: 'all', cost };
}

function macros({ profile, macroCrates }: SettingsInput): Settings {
  if (macroCrates.length === 0)
    return {
      candidates: [],
      notTried: [{ group: 'macros', what: 'macro crates', why: 'Cargo.lock names none of those behind view!' }],
    };
  const levels = [
    { level: 0, title: 'macro crates not optimised', cost: undefined },
    { level: 1, title: 'macro crates at opt-level 1', cost: 'those crates are compiled slower, once' },
    { level: 3, title: 'macro crates at opt-level 3', cost: 'those crates are compiled slower, once' },
  ];
  // Candidates of one level for all: what is mixed is no such level.
  const now = new Set(macroCrates.map((crate) => profile.packageLevel(crate)));
  const candidates = levels
    .filter(({ level }) => now.size > 1 || !now.has(level))
    .map(
      ({ level, title, cost }): Candidate => ({
        id: `macros-${level}`,
        group: 'macros',
        title,
        entries: macroCrates.map((crate) => entry(['package', crate, 'opt-level'], level)),
        rebuilds: 'all',
        ...(cost !== undefined && { cost }),
      }),
    );
  // The level that is one step away is the likelier winner.
  return { candidates: candidates.reverse(), notTried: [] };
}

function names({ profile }: SettingsInput): Settings {
  const strip = profile.string('strip');
  if (strip === 'symbols' || profile.boolean('strip') === true)
    return {
      candidates: [],
      notTried: [{ group: 'names', what: 'names in the wasm', why: 'they are stripped already' }],
    };
  const candidate: Candidate = {
    id: 'names-stripped',
    group: 'names',
    title: 'no names in wasm and server',
    entries: [entry(['strip'], 'symbols')],
    rebuilds: 'all',
    cost: 'backtraces of the page and of the server name no functions',
  };
  return { candidates: [candidate], notTried: [] };
}

function nightly({ machine }: SettingsInput): Settings {
  const { nightly: isNightly, cranelift, cpus } = machine;
  if (!isNightly)
    return {
      candidates: [],
      notTried: [{ group: 'threads', what: '-Zthreads, Cranelift', why: "the project's toolchain is not a nightly" }],
    };
  const threads: Candidate = {
    id: 'threads',
    group: 'threads',
    title: `rustc with ${cpus} threads`,
    entries: [],
    rustcFlags: [`-Zthreads=${cpus}`],
    cargoArgs: ['-Zprofile-rustflags'],
    rebuilds: 'all',
    cost: 'an unstable flag; more memory',
    byHand: {
      file: 'Cargo.toml',
      lines: [
        'cargo-features = ["profile-rustflags"]    # first line',
        `rustflags = ["-Zthreads=${cpus}"]    # in the profile`,
      ],
    },
  };
  const backend: Candidate = {
    id: 'cranelift',
    group: 'backend',
    title: 'Cranelift for the server',
    entries: [],
    serverEntries: [entry(['codegen-backend'], 'cranelift')],
    cargoArgs: ['-Zcodegen-backend'],
    rebuilds: 'all',
    cost: 'an unstable backend: no SIMD of some crates, panics may not unwind',
    byHand: {
      file: 'Cargo.toml',
      lines: [
        'cargo-features = ["codegen-backend"]    # first line',
        'codegen-backend = "cranelift"    # in a profile of its own, for bin-profile-dev alone',
      ],
    },
  };
  return {
    candidates: [...(cpus > 1 ? [threads] : []), ...(cranelift ? [backend] : [])],
    notTried: cranelift
      ? []
      : [{ group: 'backend', what: 'Cranelift', why: 'rustup component add rustc-codegen-cranelift-preview' }],
  };
}

function entry(path: readonly string[], value: ProfileValue): PresetEntry {
  return { path, value };
}

import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BIN } from './places.js';
import { readProcess } from './processes.js';

/** One `cargo build` that was started. */
export interface Build {
  /** In ms since the epoch. */
  readonly at: number;
  readonly pid: number;
  readonly side: 'front' | 'server';
}

const LOG = 'LF_SCENARIO_LOG';

/**
 * Counts builds from outside: a `cargo` that stands first on PATH notes each call and becomes the real cargo.
 * Both tools take the first cargo on PATH. It keeps its pid, so killing it kills the real one.
 */
export class BuildCounter {
  readonly #log: string;
  readonly env: Readonly<Record<string, string>>;

  constructor(log: string, realCargo: string) {
    this.#log = log;
    writeFileSync(log, '');
    const script = join(BIN, 'cargo');
    writeFileSync(
      script,
      `#!/bin/sh\n[ "$1" = build ] && echo "$(date +%s%3N) $$ $*" >> "$${LOG}"\nexec '${realCargo}' "$@"\n`,
    );
    chmodSync(script, 0o755);
    this.env = { [LOG]: log };
  }

  /** The builds that were started since `from` (ms since the epoch). */
  since(from: number): Build[] {
    const lines = existsSync(this.#log) ? readFileSync(this.#log, 'utf8').split('\n') : [];
    return lines.flatMap((line) => {
      const match = /^(\d+) (\d+) build (.*)$/.exec(line);
      if (!match || Number(match[1]) < from) return [];
      const side = match[3]?.includes('--target=wasm32-unknown-unknown') ? 'front' : 'server';
      return [{ at: Number(match[1]), pid: Number(match[2]), side } as const];
    });
  }

  /** How many builds of each side were started since `from`; for people `2 front, 1 server`. */
  count(from: number): { front: number; server: number; told: string } {
    const builds = this.since(from);
    const front = builds.filter((build) => build.side === 'front').length;
    const server = builds.length - front;
    return { front, server, told: `${front} front, ${server} server` };
  }

  /** True while one of the builds since `from` runs; of one side if given. */
  isRunning(from: number, side?: Build['side']): boolean {
    return this.since(from).some((build) => (side === undefined || build.side === side) && isCargo(build.pid));
  }
}

function isCargo(pid: number): boolean {
  return readProcess(pid)?.args.includes('build') ?? false;
}

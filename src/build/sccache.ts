import type { EventBus } from '../core/events.js';
import { findExecutable } from '../doctor/find-executable.js';
import { askTool, versionIn } from '../doctor/run-tool.js';

/** Its server waits for a remote cache before it says that it runs; it gives up after 10 s by itself. */
const START_TIMEOUT_MS = 20_000;

/** What is used of `sccache --show-stats --stats-format=json` (sccache 0.16.0). */
interface Stats {
  readonly stats: {
    readonly cache_hits: { readonly counts: Readonly<Record<string, number>> };
    readonly cache_misses: { readonly counts: Readonly<Record<string, number>> };
    /** Reasons with how often each was one. */
    readonly not_cached: Readonly<Record<string, number>>;
  };
  readonly cache_location: string;
}

/**
 * Puts sccache before rustc (`RUSTC_WRAPPER`), so that dependencies come from its cache, and tells after the first build what came
 * from there and what could not. Starts its server, which ends by itself after ten idle minutes. Where sccache is not there or does not
 * start, that is told, and rustc is called as without it: the cache must not be the reason that nothing builds.
 *
 * @returns the environment for cargo-leptos
 */
export async function withSccache(bus: EventBus, env: NodeJS.ProcessEnv, cwd: string): Promise<NodeJS.ProcessEnv> {
  const note = (message: string): void => bus.emit({ event: 'notice', message });
  if (env.RUSTC_WRAPPER !== undefined) {
    note(`RUSTC_WRAPPER is ${env.RUSTC_WRAPPER} already: sccache is left to it`);
    return env;
  }
  const sccache = await findExecutable('sccache', env);
  if (sccache === undefined) {
    note('sccache is not on PATH, so nothing comes from its cache: cargo install sccache --locked');
    return env;
  }
  const started = await askTool(sccache, ['--start-server'], { cwd, env, timeoutMs: START_TIMEOUT_MS });
  const before = await askStats(sccache, env, cwd);
  // One that runs already is said to be a failure too.
  if (started.kind !== 'answered' && !(started.kind === 'failed' && /address in use/i.test(started.why))) {
    note(`sccache does not start, so nothing comes from its cache: ${started.why}`);
    return env;
  }
  if (before) note(`sccache ${before.version} keeps compiled dependencies: ${before.location}`);
  const off = bus.on((event) => {
    if (event.event !== 'ready') return;
    off();
    void askStats(sccache, env, cwd).then((after) => {
      if (before && after) note(told(before, after));
    });
  });
  // With it sccache refuses even to be asked for rustc's version. Profiles say the same, crate by crate.
  const { CARGO_INCREMENTAL, ...others } = env;
  if (CARGO_INCREMENTAL === '1') note('CARGO_INCREMENTAL is not passed on: sccache refuses to work with it');
  return { ...others, RUSTC_WRAPPER: sccache };
}

interface Asked {
  readonly version: string;
  readonly location: string;
  readonly hits: number;
  readonly misses: number;
  readonly notCached: Readonly<Record<string, number>>;
}

async function askStats(sccache: string, env: NodeJS.ProcessEnv, cwd: string): Promise<Asked | null> {
  const [said, named] = await Promise.all([
    askTool(sccache, ['--show-stats', '--stats-format=json'], { cwd, env }),
    askTool(sccache, ['--version'], { cwd, env }),
  ]);
  if (said.kind !== 'answered') return null;
  try {
    const { stats, cache_location: location } = JSON.parse(said.stdout) as Stats;
    return {
      version: (named.kind === 'answered' && versionIn(named.stdout)) || '',
      location,
      hits: sum(stats.cache_hits.counts),
      misses: sum(stats.cache_misses.counts),
      notCached: stats.not_cached,
    };
  } catch {
    return null;
  }
}

function told(before: Asked, after: Asked): string {
  const reasons = Object.entries(after.notCached)
    // sccache's name for those that read their source from stdin, as cargo's questions about the compiler do, is "-".
    .map(([reason, count]) => ({
      reason: reason === '-' ? 'from stdin' : reason,
      count: count - (before.notCached[reason] ?? 0),
    }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count);
  const refused = reasons.reduce((total, { count }) => total + count, 0);
  const why = reasons.map(({ reason, count }) => `${reason} ${count}`).join(', ');
  const parts = [
    `${after.hits - before.hits} crates from the cache`,
    `${after.misses - before.misses} compiled for it`,
  ];
  return `sccache: ${[...parts, ...(refused > 0 ? [`${refused} that it does not keep (${why})`] : [])].join(', ')}`;
}

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}

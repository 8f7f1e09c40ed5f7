import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { withSccache } from '../../src/build/sccache.js';
import { systemClock } from '../../src/core/clock.js';
import { EventBus } from '../../src/core/events.js';
import { tempDir } from '../support/temp-dir.js';
import { waitUntil } from '../support/wait-until.js';

let dir: string;
let bus: EventBus;
let notices: string[];

/** A sccache of which the test decides how its server starts and what it has counted. */
async function install(start = 'exit 0'): Promise<void> {
  await writeFile(
    join(dir, 'sccache'),
    `#!/bin/sh
echo "$*" >>'${dir}/calls'
case $1 in
  --version) echo 'sccache 0.16.0' ;;
  --start-server) ${start} ;;
  --show-stats) cat '${dir}/stats' ;;
esac
`,
  );
  await chmod(join(dir, 'sccache'), 0o755);
  await count({});
}

async function count(of: { hits?: number; misses?: number; refused?: Record<string, number> }): Promise<void> {
  const stats = {
    cache_hits: { counts: { Rust: of.hits ?? 0 } },
    cache_misses: { counts: { Rust: of.misses ?? 0 } },
    not_cached: of.refused ?? {},
  };
  await writeFile(join(dir, 'stats'), JSON.stringify({ stats, cache_location: 'Redis: redis://127.0.0.1:6379' }));
}

const env = (extra: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({ PATH: `${dir}:/usr/bin:/bin`, ...extra });

function ready(): void {
  bus.emit({ event: 'ready', url: '', startupMs: 1, mode: '', gate: true, filesWatched: 1 });
}

beforeEach(async () => {
  dir = await tempDir();
  bus = new EventBus(systemClock);
  notices = [];
  bus.on((event) => {
    if (event.event === 'notice') notices.push(event.message);
  });
});

describe('sccache', () => {
  it('is put before rustc, and what came from it is told after the first build', async () => {
    await install();
    await count({ hits: 100, misses: 10, refused: { incremental: 1 } });
    expect(await withSccache(bus, env(), dir)).toEqual(env({ RUSTC_WRAPPER: join(dir, 'sccache') }));
    await count({ hits: 310, misses: 12, refused: { incremental: 3, 'crate-type': 4, '-': 1 } });
    ready();
    await waitUntil('it tells', async () => notices.length === 2);
    expect(notices).toEqual([
      'sccache 0.16.0 keeps compiled dependencies: Redis: redis://127.0.0.1:6379',
      'sccache: 210 crates from the cache, 2 compiled for it, 7 that it does not keep (crate-type 4, incremental 2, from stdin 1)',
    ]);
  });

  it('may run already', async () => {
    await install('echo "sccache: error: Server startup failed: Address in use" >&2; exit 2');
    expect(await withSccache(bus, env(), dir)).toHaveProperty('RUSTC_WRAPPER', join(dir, 'sccache'));
  });

  it('gets no CARGO_INCREMENTAL, with which it refuses to work', async () => {
    await install();
    expect(await withSccache(bus, env({ CARGO_INCREMENTAL: '1' }), dir)).not.toHaveProperty('CARGO_INCREMENTAL');
    expect(notices).toContain('CARGO_INCREMENTAL is not passed on: sccache refuses to work with it');
  });

  it('is left out with a word where it does not start', async () => {
    await install('echo "sccache: error: Timed out waiting for server startup" >&2; exit 2');
    expect(await withSccache(bus, env(), dir)).toEqual(env());
    expect(notices).toEqual([
      'sccache does not start, so nothing comes from its cache: sccache: error: Timed out waiting for server startup',
    ]);
  });

  it('is left out with a way to it where it is not there', async () => {
    expect(await withSccache(bus, env(), dir)).toEqual(env());
    expect(notices).toEqual([expect.stringContaining('cargo install sccache')]);
  });

  it('does not replace a wrapper of the user', async () => {
    await install();
    const own = env({ RUSTC_WRAPPER: '/opt/wrapper' });
    expect(await withSccache(bus, own, dir)).toEqual(own);
    await expect(readFile(join(dir, 'calls'), 'utf8')).rejects.toThrow();
  });
});

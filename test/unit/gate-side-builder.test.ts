import { beforeEach, describe, expect, it } from 'vitest';
import { type Deferred, deferred } from '../../src/core/deferred.js';
import type { CargoOutcome, CargoRun } from '../../src/gate/cargo-run.js';
import type { CargoRequest } from '../../src/gate/protocol.js';
import { SideBuilder } from '../../src/gate/side-builder.js';
import { outcome } from '../support/cargo-outcome.js';
import { flush, ManualClock } from '../support/manual-clock.js';

const GRACE_MS = 150;

function request(args: readonly string[] = ['build', '--lib'], env: Record<string, string> = {}): CargoRequest {
  return { program: '/bin/cargo', args, cwd: '/app', env };
}

/** A cargo that ends when the test says so. */
class FakeCargo implements CargoRun {
  readonly #end: Deferred<CargoOutcome> = deferred<CargoOutcome>();
  readonly finished = this.#end.promise;
  readonly request: CargoRequest;

  constructor(of: CargoRequest) {
    this.request = of;
  }

  async end(code: number): Promise<void> {
    this.#end.resolve(outcome(code));
    await flush();
  }

  async stop(): Promise<void> {
    this.#end.resolve({ ...outcome(143), stopped: true });
  }
}

/** One shim that waits; `code` is its answer. */
class Shim {
  code: number | null = null;
  readonly #gone = new AbortController();

  constructor(builder: SideBuilder, of = request()) {
    builder.request(
      of,
      (code) => {
        expect(this.code).toBeNull();
        this.code = code;
      },
      this.#gone.signal,
    );
  }

  async kill(): Promise<void> {
    this.#gone.abort();
    await flush();
  }
}

let clock: ManualClock;
let runs: FakeCargo[];
let said: string[];
let settled: () => Promise<void>;
let release: (code: number) => Promise<number>;
let prepared: string[];
let prepare: () => Promise<void>;
let retry: (attempt: number) => Promise<CargoRequest | null>;
let builder: SideBuilder;

/** A shim that asks; by then everything that can go on has. */
async function ask(of?: CargoRequest): Promise<Shim> {
  const shim = new Shim(builder, of);
  await clock.advance(GRACE_MS);
  return shim;
}

async function built(code = 0): Promise<void> {
  await ask();
  await runs.at(-1)?.end(code);
  said.length = 0;
}

beforeEach(() => {
  clock = new ManualClock();
  runs = [];
  said = [];
  prepare = async () => undefined;
  settled = async () => undefined;
  release = async (code) => code;
  retry = async () => null;
  builder = new SideBuilder({
    side: 'front',
    clock,
    graceMs: GRACE_MS,
    settled: () => settled(),
    release: (code) => release(code),
    prepare: async (_request, changed) => {
      prepared = [...changed];
      await prepare();
    },
    retry: (_outcome, _request, attempt) => retry(attempt),
    start: (of) => {
      const run = new FakeCargo(of);
      runs.push(run);
      return run;
    },
    onStarted: () => said.push('started'),
    onFinished: ({ ok }, ms) => said.push(`finished ${ok} ${ms}`),
    onStopped: () => said.push('stopped'),
    onSkipped: (reason) => said.push(`skipped: ${reason}`),
    onState: () => undefined,
  });
});

describe('an edit that was undone', () => {
  it('ends its build, and the request is answered as built', async () => {
    await built();
    builder.markDirty();
    const shim = await ask();
    expect(runs).toHaveLength(2);
    builder.markUpToDate();
    await clock.advance(GRACE_MS);
    expect(shim.code).toBe(0);
    expect(runs).toHaveLength(2);
    expect(said).toContain('stopped');
  });

  it('takes a failure back', async () => {
    await built();
    builder.markDirty();
    await built(1);
    expect(builder.hasFailed).toBe(true);
    builder.markUpToDate();
    expect(builder.hasFailed).toBe(false);
    expect((await ask()).code).toBe(0);
    expect(runs).toHaveLength(2);
  });

  it('leaves nothing of its failure to the next edit', async () => {
    await built();
    builder.markDirty();
    await built(1);
    builder.markUpToDate();
    builder.markDirty();
    expect(builder.hasFailed).toBe(false);
    expect(builder.isUpToDate).toBe(false);
  });

  it('is none before the first build', async () => {
    builder.markUpToDate();
    await ask();
    expect(runs).toHaveLength(1);
  });
});

describe('the files that changed', () => {
  it('are made known before the build, also those of a build that failed, and forgotten when one succeeded', async () => {
    await built();
    builder.markDirty(['/app/a.rs']);
    await built(1);
    expect(prepared).toEqual(['/app/a.rs']);
    builder.markDirty(['/app/b.rs']);
    await built();
    expect(prepared).toEqual(['/app/a.rs', '/app/b.rs']);
    builder.markDirty(['/app/c.rs']);
    await built();
    expect(prepared).toEqual(['/app/c.rs']);
  });

  it('are made known anew when one more comes meanwhile', async () => {
    const first = deferred();
    let asked = 0;
    prepare = () => (asked++ === 0 ? first.promise : Promise.resolve());
    builder.markDirty(['/app/a.rs']);
    await ask();
    builder.markDirty(['/app/b.rs']);
    first.resolve();
    await flush();
    expect(asked).toBe(2);
    expect(prepared).toEqual(['/app/a.rs', '/app/b.rs']);
    expect(runs).toHaveLength(1);
  });
});

describe('a request', () => {
  it('is held until everything saved has been reported', async () => {
    const gate = deferred();
    settled = () => gate.promise;
    const shim = await ask();
    expect(runs).toHaveLength(0);
    settled = async () => undefined;
    gate.resolve();
    await flush();
    expect(runs).toHaveLength(1);
    expect(shim.code).toBeNull();
  });

  it('gets the exit code of the build', async () => {
    const shim = new Shim(builder);
    await flush();
    await clock.advance(700);
    await runs[0]?.end(101);
    expect(shim.code).toBe(101);
    expect(said).toEqual(['started', 'finished false 700']);
  });

  it('that finds nothing changed is answered without a build', async () => {
    await built();
    const shim = await ask();
    expect(shim.code).toBe(0);
    expect(runs).toHaveLength(1);
    expect(said).toEqual(['skipped: nothing changed since its last build']);
  });

  it('that finds nothing changed waits for a late file event first', async () => {
    await built();
    const shim = new Shim(builder);
    await clock.advance(GRACE_MS - 1);
    expect(shim.code).toBeNull();
    builder.markDirty();
    await clock.advance(1);
    expect(runs).toHaveLength(2);
  });

  it('for broken inputs that were told as such is built again: somebody saved once more', async () => {
    await built(101);
    const shim = await ask();
    expect(runs).toHaveLength(2);
    await runs[1]?.end(0);
    expect(shim.code).toBe(0);
  });

  it('with other arguments is another build', async () => {
    await built();
    await ask(request(['build', '--lib', '--profile=other']));
    expect(runs).toHaveLength(2);
  });

  it('with another variable that cargo reads is another build', async () => {
    await built();
    await ask(request(undefined, { RUSTFLAGS: '-C opt-level=1' }));
    expect(runs).toHaveLength(2);
  });

  it('with another variable that no build reads is the same build', async () => {
    await built();
    const shim = await ask(request(undefined, { SHLVL: '2' }));
    expect(shim.code).toBe(0);
    expect(runs).toHaveLength(1);
  });

  it('after the end is answered as after Ctrl-C', async () => {
    await builder.close();
    expect((await ask()).code).toBe(130);
  });
});

describe('two requests', () => {
  it('for the same build get the one outcome', async () => {
    const [first, second] = [await ask(), await ask()];
    await runs[0]?.end(0);
    expect([first.code, second.code]).toEqual([0, 0]);
    expect(runs).toHaveLength(1);
  });

  it('the second joins the running build when the first shim was killed', async () => {
    const first = await ask();
    await first.kill();
    const second = await ask();
    await runs[0]?.end(0);
    expect([first.code, second.code]).toEqual([null, 0]);
    expect(runs).toHaveLength(1);
  });
});

describe('inputs that change', () => {
  it('during a build stop it and build anew, and the shim gets that outcome', async () => {
    const shim = await ask();
    builder.markDirty();
    await flush();
    expect(runs).toHaveLength(2);
    await runs[1]?.end(0);
    expect(shim.code).toBe(0);
    expect(said).toEqual(['started', 'stopped', 'started', 'finished true 0']);
  });

  it('during a build that nobody waits for stop it and wait for the next request', async () => {
    await (await ask()).kill();
    builder.markDirty();
    await flush();
    expect(runs).toHaveLength(1);
    expect(builder.isBusy).toBe(false);
    await ask();
    expect(runs).toHaveLength(2);
  });

  it('at the end of a build, reported only before the answer, are built before the answer', async () => {
    const shim = await ask();
    settled = async () => {
      settled = async () => undefined;
      builder.markDirty();
    };
    await runs[0]?.end(0);
    expect(shim.code).toBeNull();
    await runs[1]?.end(0);
    expect(shim.code).toBe(0);
  });

  it('while the answer is held back are built at once', async () => {
    release = () => new Promise(() => undefined);
    const shim = await ask();
    await runs[0]?.end(0);
    builder.markDirty();
    await flush();
    expect(runs).toHaveLength(2);
    expect(shim.code).toBeNull();
  });

  it('make a side that failed worth building again', async () => {
    await built(101);
    builder.markDirty();
    expect(builder.hasFailed).toBe(false);
    await ask();
    expect(runs).toHaveLength(2);
  });

  it('leave it out of date until it is built', async () => {
    await built();
    expect(builder.isUpToDate).toBe(true);
    builder.markDirty();
    expect(builder.isUpToDate).toBe(false);
    await built();
    expect(builder.isUpToDate).toBe(true);
  });
});

describe('an outcome', () => {
  it('that nobody waited for is undelivered, and the next request gets it without being told as skipped', async () => {
    await (await ask()).kill();
    await runs[0]?.end(0);
    expect(builder.isDelivered).toBe(false);
    said.length = 0;
    const later = await ask();
    expect(later.code).toBe(0);
    expect(said).toEqual([]);
    expect(builder.isDelivered).toBe(true);
    expect(runs).toHaveLength(1);
  });

  it('of a failure that nobody waited for is delivered later too', async () => {
    await (await ask()).kill();
    await runs[0]?.end(101);
    const later = await ask();
    expect(later.code).toBe(1);
    expect(runs).toHaveLength(1);
    expect(builder.isDelivered).toBe(true);
  });

  it('that is answered as something else counts as undelivered', async () => {
    release = async () => 1;
    const shim = await ask();
    await runs[0]?.end(0);
    expect(shim.code).toBe(1);
    expect(builder.isUpToDate).toBe(true);
    expect(builder.isDelivered).toBe(false);
  });

  it('is not answered before it is released', async () => {
    const gate = deferred<number>();
    release = () => gate.promise;
    const shim = await ask();
    await runs[0]?.end(0);
    expect(shim.code).toBeNull();
    gate.resolve(0);
    await flush();
    expect(shim.code).toBe(0);
  });
});

describe('a failure that is worth another try', () => {
  it('is tried again with the changed request, and the shim gets that outcome', async () => {
    const again = request(['build', '--lib', '--again']);
    retry = async () => again;
    const shim = await ask();
    await runs[0]?.end(101);
    expect(shim.code).toBeNull();
    expect(runs[1]?.request).toBe(again);
    await runs[1]?.end(0);
    expect(shim.code).toBe(0);
    expect(said).toEqual(['started', expect.stringMatching(/^finished true/)]);
  });

  it('is counted', async () => {
    const attempts: number[] = [];
    retry = async (attempt) => {
      attempts.push(attempt);
      return attempt < 3 ? request() : null;
    };
    const shim = await ask();
    for (let count = 0; count < 3; count += 1) await runs[count]?.end(101);
    expect(attempts).toEqual([1, 2, 3]);
    expect(shim.code).toBe(101);
  });

  it('is not tried again when the inputs change in the pause before it', async () => {
    const pause = deferred<CargoRequest | null>();
    retry = () => pause.promise;
    await ask();
    await runs[0]?.end(101);
    builder.markDirty();
    await flush();
    expect(runs).toHaveLength(2);
    pause.resolve(request());
    await flush();
    expect(runs).toHaveLength(2);
  });
});

describe('the end', () => {
  it('stops a running build', async () => {
    await ask();
    await builder.close();
    expect(await runs[0]?.finished).toMatchObject({ stopped: true });
    expect(builder.isBusy).toBe(false);
    expect(said).toEqual(['started']);
  });

  it('starts no build for a request that is held', async () => {
    const gate = deferred();
    settled = () => gate.promise;
    await ask();
    await builder.close();
    gate.resolve();
    await flush();
    expect(runs).toHaveLength(0);
  });
});

import { beforeEach, describe, expect, it, vi } from 'vitest';
import { type Deferred, deferred } from '../../src/core/deferred.js';
import type { RustSide } from '../../src/core/events.js';
import type { CargoOutcome, CargoRun, CargoRunOptions } from '../../src/gate/cargo-run.js';
import { Gate, type GateListener } from '../../src/gate/gate.js';
import { outcome } from '../support/cargo-outcome.js';
import { singleCrate } from '../support/leptos-model.js';
import { flush, ManualClock } from '../support/manual-clock.js';

/** The running builds, by side. */
const running = new Map<RustSide, Deferred<CargoOutcome>>();
/** Whether the last build of a side was to let others go first. */
const behind = new Map<RustSide, boolean>();

vi.mock('../../src/gate/cargo-run.js', () => ({
  startCargo: ({ request, isBehind = false }: CargoRunOptions): CargoRun => {
    const end = deferred<CargoOutcome>();
    const side = request.args.includes('--lib') ? 'front' : 'server';
    running.set(side, end);
    behind.set(side, isBehind);
    return { finished: end.promise, stop: async () => end.resolve({ ...outcome(143), stopped: true }) };
  },
}));

const silent: GateListener = {
  onStarted: () => undefined,
  onStatus: () => undefined,
  onRebuilt: () => undefined,
  onTouched: () => undefined,
  onFinished: () => undefined,
  onStopped: () => undefined,
  onSkipped: () => undefined,
  onRecovery: () => undefined,
  onContentFirst: () => {
    contentFirst += 1;
  },
  onState: () => undefined,
};

let gate: Gate;
let clock: ManualClock;
let order: 'content' | 'together';
/** How often the gate told that a new server goes first. */
let contentFirst: number;

/** cargo-leptos asks for a side; the answer is put into the returned object. */
async function ask(side: RustSide, gone = new AbortController().signal): Promise<{ code: number | null }> {
  const answer: { code: number | null } = { code: null };
  const args = side === 'front' ? ['build', '--lib'] : ['build', '--bin=app'];
  const request = { program: '/bin/cargo', args, cwd: '/app', env: {} };
  gate.sides[side].request(request, (code) => Object.assign(answer, { code }), gone);
  await clock.advance(150);
  return answer;
}

async function end(side: RustSide, code: number): Promise<void> {
  running.get(side)?.resolve(outcome(code));
  await flush();
}

/** cargo-leptos has made the wasm ready for the page. */
async function bindgenEnds(): Promise<void> {
  gate.onFact({ kind: 'bindgen-started' });
  gate.onFact({ kind: 'bindgen-finished' });
  await flush();
}

beforeEach(() => {
  running.clear();
  order = 'together';
  contentFirst = 0;
  clock = new ManualClock();
  gate = new Gate({
    project: () => singleCrate('/app').project,
    localCrates: () => ['app'],
    clock,
    realCargo: 'cargo',
    shimFolder: '/app/target/leptos-fast/bin',
    socketPath: '/app/target/leptos-fast/gate.sock',
    cache: null,
    builtBefore: { freshen: async () => 0, note: () => undefined },
    rewrite: () => ({ project: 'app', triggers: new Map(), changeTypes: true }),
    buildArgs: () => [],
    targetDir: '/app/target',
    maxRetries: 0,
    contentFirst: () => order === 'content',
    settled: async () => undefined,
    listener: silent,
  });
});

describe("the server's success", () => {
  it('waits for the front and is told when that succeeds', async () => {
    const [front, server] = [await ask('front'), await ask('server')];
    await end('server', 0);
    expect(server.code).toBeNull();
    await end('front', 0);
    expect([front.code, server.code]).toEqual([0, null]);
    await bindgenEnds();
    expect(server.code).toBe(0);
    expect(gate.sides.server.isDelivered).toBe(true);
  });

  it('waits until wasm-bindgen has finished, however long that takes', async () => {
    const server = (await Promise.all([ask('front'), ask('server')]))[1];
    await end('server', 0);
    await end('front', 0);
    gate.onFact({ kind: 'bindgen-started' });
    await clock.advance(60_000);
    expect(server.code).toBeNull();
    gate.onFact({ kind: 'bindgen-finished' });
    await flush();
    expect(server.code).toBe(0);
  });

  it('is told after a while when cargo-leptos does not say that it runs wasm-bindgen', async () => {
    const server = (await Promise.all([ask('front'), ask('server')]))[1];
    await end('server', 0);
    await end('front', 0);
    await clock.advance(2_000);
    expect(server.code).toBe(0);
  });

  it('waits for no wasm-bindgen of a run of cargo-leptos that is over', async () => {
    await ask('front');
    await end('front', 0);
    gate.onFact({ kind: 'bindgen-started' });
    gate.onStart();
    const server = await ask('server');
    await end('server', 0);
    expect(server.code).toBe(0);
  });

  it('is told as a failure when the front fails after it', async () => {
    const [front, server] = [await ask('front'), await ask('server')];
    await end('server', 0);
    await end('front', 101);
    expect([front.code, server.code]).toEqual([101, 1]);
  });

  it('is told as a failure when the front has failed before it', async () => {
    const [front, server] = [await ask('front'), await ask('server')];
    await end('front', 101);
    await end('server', 0);
    expect([front.code, server.code]).toEqual([101, 1]);
  });

  it('that was told as a failure is delivered without a build when the front is mended', async () => {
    await ask('front');
    await ask('server');
    await end('server', 0);
    await end('front', 101);
    expect(gate.sides.server.isDelivered).toBe(false);
    running.clear();
    gate.sides.front.markDirty();
    const [front, server] = [await ask('front'), await ask('server')];
    expect([...running.keys()]).toEqual(['front']);
    await end('front', 0);
    await bindgenEnds();
    expect([front.code, server.code]).toEqual([0, 0]);
    expect(gate.sides.server.isDelivered).toBe(true);
  });

  it('that is asked for alone, in a later run, is told as what it is', async () => {
    await ask('front');
    await end('front', 101);
    const server = await ask('server');
    await end('server', 0);
    expect(server.code).toBe(0);
  });
});

describe("the server's failure", () => {
  it('is told as such though the front succeeds', async () => {
    const [front, server] = [await ask('front'), await ask('server')];
    await end('server', 101);
    await end('front', 0);
    await bindgenEnds();
    expect([front.code, server.code]).toEqual([0, 101]);
  });
});

describe('the front', () => {
  it('does not wait for the server', async () => {
    const [front] = [await ask('front'), await ask('server')];
    await end('front', 0);
    expect(front.code).toBe(0);
  });
});

describe('with the content first', () => {
  beforeEach(async () => {
    order = 'content';
    await bindgenEnds();
  });

  it('a new server goes ahead of a front that is still built, once cargo-leptos has seen its old wasm', async () => {
    const [front, server] = [await ask('front'), await ask('server')];
    await end('server', 0);
    expect([front.code, server.code, contentFirst]).toEqual([0, null, 0]);
    gate.onFact({ kind: 'bindgen-finished' });
    await flush();
    expect([server.code, contentFirst]).toEqual([0, 1]);
    expect(gate.sides.server.isDelivered).toBe(true);
    expect(gate.sides.front.isBuildingOn).toBe(true);
  });

  it('the front of it is asked for once more, and answered with its build', async () => {
    await Promise.all([ask('front'), ask('server')]);
    await end('server', 0);
    await bindgenEnds();
    await end('front', 0);
    expect(gate.sides.front.isOwed).toBe(true);
    running.clear();
    const front = await ask('front');
    expect([front.code, running.size]).toEqual([0, 0]);
    expect([gate.sides.front.isOwed, gate.sides.front.isDelivered]).toEqual([false, true]);
  });

  it('a failure of the front after it is told as one, and a success that follows too', async () => {
    await Promise.all([ask('front'), ask('server')]);
    await end('server', 0);
    await bindgenEnds();
    await end('front', 101);
    expect((await ask('front')).code).toBe(1);
    gate.sides.front.markDirty();
    const mended = await ask('front');
    await end('front', 0);
    expect(mended.code).toBe(0);
  });

  it('a front that is done before the server is answered as ever', async () => {
    const [front, server] = [await ask('front'), await ask('server')];
    await end('front', 0);
    await bindgenEnds();
    await end('server', 0);
    expect([front.code, server.code, contentFirst]).toEqual([0, 0, 0]);
  });

  it('a server that is up to date waits for the front', async () => {
    await Promise.all([ask('front'), ask('server')]);
    await end('front', 0);
    await bindgenEnds();
    await end('server', 0);
    gate.sides.front.markDirty();
    const [front, server] = [await ask('front'), await ask('server')];
    expect([front.code, server.code, contentFirst]).toEqual([null, null, 0]);
  });

  it('a server that failed waits for the front', async () => {
    const [front, server] = [await ask('front'), await ask('server')];
    await end('server', 101);
    expect([front.code, server.code]).toEqual([null, null]);
  });

  it('a server waits for the front as long as there is no wasm of this cargo-leptos', async () => {
    gate.onStart();
    const [front, server] = [await ask('front'), await ask('server')];
    await end('server', 0);
    expect([front.code, server.code]).toEqual([null, null]);
  });

  it('a server that is out of date when cargo-leptos has seen the wasm does not go ahead', async () => {
    const server = (await Promise.all([ask('front'), ask('server')]))[1];
    await end('server', 0);
    gate.sides.server.markDirty();
    await bindgenEnds();
    expect([server.code, contentFirst]).toEqual([null, 0]);
  });

  it('a server whose request comes late goes ahead of the front that was answered before it', async () => {
    const gone = new AbortController();
    await ask('front');
    await ask('server', gone.signal);
    await end('server', 0);
    gone.abort();
    await bindgenEnds();
    expect(gate.sides.server.isDelivered).toBe(false);
    expect((await ask('server')).code).toBe(0);
  });

  it('after an interruption the front is answered once more before the server', async () => {
    const gone = new AbortController();
    await ask('front');
    await ask('server', gone.signal);
    await end('server', 0);
    gone.abort();
    gate.onFact({ kind: 'interrupted' });
    const server = await ask('server');
    expect(server.code).toBeNull();
    const front = await ask('front');
    expect([front.code, server.code]).toEqual([0, null]);
    await bindgenEnds();
    expect([server.code, gate.sides.server.isDelivered]).toEqual([0, true]);
  });

  it('a front that was stopped after it was answered is not built on', async () => {
    await Promise.all([ask('front'), ask('server')]);
    await end('server', 0);
    await bindgenEnds();
    gate.sides.front.markDirty();
    await flush();
    expect([gate.sides.front.isBuildingOn, gate.sides.front.isUpToDate]).toEqual([false, false]);
  });

  it('the front is built behind the server when both are, and at full speed alone', async () => {
    await Promise.all([ask('front'), ask('server')]);
    expect([behind.get('front'), behind.get('server')]).toEqual([true, false]);
    await end('server', 0);
    await bindgenEnds();
    await end('front', 0);
    await ask('front');
    gate.sides.front.markDirty();
    await ask('front');
    expect(behind.get('front')).toBe(false);
  });
});

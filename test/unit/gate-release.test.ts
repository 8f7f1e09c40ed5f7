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

vi.mock('../../src/gate/cargo-run.js', () => ({
  startCargo: ({ request }: CargoRunOptions): CargoRun => {
    const end = deferred<CargoOutcome>();
    running.set(request.args.includes('--lib') ? 'front' : 'server', end);
    return { finished: end.promise, stop: async () => end.resolve({ ...outcome(143), stopped: true }) };
  },
}));

const silent: GateListener = {
  onStarted: () => undefined,
  onStatus: () => undefined,
  onFinished: () => undefined,
  onStopped: () => undefined,
  onSkipped: () => undefined,
  onRecovery: () => undefined,
  onState: () => undefined,
};

let gate: Gate;
let clock: ManualClock;

/** cargo-leptos asks for a side; the answer is put into the returned object. */
async function ask(side: RustSide): Promise<{ code: number | null }> {
  const answer: { code: number | null } = { code: null };
  const args = side === 'front' ? ['build', '--lib'] : ['build', '--bin=app'];
  const request = { program: '/bin/cargo', args, cwd: '/app', env: {} };
  gate.sides[side].request(request, (code) => Object.assign(answer, { code }), new AbortController().signal);
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
  clock = new ManualClock();
  gate = new Gate({
    project: () => singleCrate('/app').project,
    localCrates: () => ['app'],
    clock,
    realCargo: 'cargo',
    shimFolder: '/app/target/leptos-fast/bin',
    socketPath: '/app/target/leptos-fast/gate.sock',
    rewrite: () => ({ project: 'app', triggers: new Map(), changeTypes: true }),
    buildArgs: () => [],
    targetDir: '/app/target',
    maxRetries: 0,
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

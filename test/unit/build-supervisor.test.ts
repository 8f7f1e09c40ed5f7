import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { ProcessOptions } from '../../src/build/cargo-leptos-process.js';
import { Supervisor } from '../../src/build/supervisor.js';
import { deferred } from '../../src/core/deferred.js';
import { flush, ManualClock } from '../support/manual-clock.js';

/** In place of cargo-leptos: ends when the test says so. */
class FakeProcess {
  stopped = false;
  killed = false;
  readonly #gone = deferred();
  readonly #onExit: (how: string) => void;

  constructor({ onExit }: ProcessOptions) {
    this.#onExit = onExit;
    processes.push(this);
  }

  async die(how = 'exited with code 1'): Promise<void> {
    this.#onExit(how);
    await flush();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.#gone.promise;
  }

  async kill(): Promise<void> {
    this.killed = true;
  }

  async killLeftovers(): Promise<void> {}

  async noteOffspring(): Promise<readonly unknown[]> {
    return [{ pid: 7 }];
  }

  /** The end that `stop` waits for. */
  async end(): Promise<void> {
    this.#gone.resolve();
    await flush();
  }
}

let processes: FakeProcess[];

vi.mock('../../src/build/cargo-leptos-process.js', () => ({
  // A plain function, since it is called with `new` and returns the fake.
  CargoLeptosProcess: function CargoLeptosProcess(options: ProcessOptions) {
    return new FakeProcess(options);
  },
}));

let clock: ManualClock;
let said: string[];

function supervisor(maxRetries = 3): Supervisor {
  const subject = new Supervisor({
    clock,
    maxRetries,
    processOptions: () => ({
      path: 'cargo-leptos',
      args: [],
      cwd: '/',
      env: {},
      onFact: () => undefined,
      onAppOutput: () => undefined,
    }),
    onStart: () => said.push('start'),
    onRetry: (attempt, why) => said.push(`retry ${attempt}: ${why}`),
    onGivenUp: (why) => said.push(`given up: ${why}`),
  });
  subject.start();
  return subject;
}

const latest = (): FakeProcess => processes.at(-1) as FakeProcess;

beforeEach(() => {
  processes = [];
  said = [];
  clock = new ManualClock();
});

describe('a process that dies', () => {
  it('is started again after a pause that doubles each time', async () => {
    supervisor();
    for (const pause of [250, 500, 1_000]) {
      const before = processes.length;
      await latest().die();
      await clock.advance(pause - 1);
      expect(processes).toHaveLength(before);
      await clock.advance(1);
      expect(processes).toHaveLength(before + 1);
    }
  });

  it('waits at most eight seconds', async () => {
    supervisor(20);
    for (let count = 0; count < 10; count += 1) {
      await latest().die();
      await clock.advance(8_000);
    }
    expect(processes).toHaveLength(11);
  });

  it('is given up after so many retries in a row', async () => {
    supervisor(2);
    for (let count = 0; count < 3; count += 1) {
      await latest().die(`death ${count}`);
      await clock.advance(8_000);
    }
    expect(said).toEqual(['start', 'retry 1: death 0', 'start', 'retry 2: death 1', 'start', 'given up: death 2']);
    expect(processes).toHaveLength(3);
  });

  it('is given up at once without retries', async () => {
    supervisor(0);
    await latest().die();
    expect(said.at(-1)).toMatch(/^given up/);
  });

  it('after a stable minute counts as the first time', async () => {
    supervisor(1);
    await latest().die();
    await clock.advance(250);
    await clock.advance(60_000);
    await latest().die();
    expect(said.filter((line) => line.startsWith('retry'))).toEqual([
      'retry 1: exited with code 1',
      'retry 1: exited with code 1',
    ]);
  });

  it('just before a minute is over counts as the next time', async () => {
    supervisor(1);
    await latest().die();
    await clock.advance(250);
    await clock.advance(59_999);
    await latest().die();
    expect(said.at(-1)).toMatch(/^given up/);
  });
});

describe('a restart', () => {
  it('ends the present run first and counts as no failure', async () => {
    const subject = supervisor();
    const restarted = subject.restart();
    expect(processes[0]?.stopped).toBe(true);
    expect(processes).toHaveLength(1);
    await processes[0]?.end();
    await restarted;
    expect(processes).toHaveLength(2);
    expect(said).toEqual(['start', 'start']);
  });

  it('takes the end of the old run for no death', async () => {
    const subject = supervisor();
    const restarted = subject.restart();
    await processes[0]?.die('was ended by SIGINT');
    await processes[0]?.end();
    await restarted;
    expect(said).toEqual(['start', 'start']);
  });

  it('that is asked for twice happens once', async () => {
    const subject = supervisor();
    const both = [subject.restart(), subject.restart()];
    await processes[0]?.end();
    await Promise.all(both);
    expect(processes).toHaveLength(2);
  });

  it('does not wait for the rest of a pause', async () => {
    const subject = supervisor();
    await latest().die();
    await subject.restart();
    expect(processes).toHaveLength(2);
    await clock.advance(8_000);
    expect(processes).toHaveLength(2);
  });

  it('does nothing once it was given up', async () => {
    const subject = supervisor(0);
    await latest().die();
    await subject.restart();
    expect(processes).toHaveLength(1);
  });
});

describe('the end', () => {
  it('waits until the process is gone', async () => {
    const subject = supervisor();
    let over = false;
    void subject.stop().then(() => {
      over = true;
    });
    await flush();
    expect(over).toBe(false);
    await latest().end();
    expect(over).toBe(true);
  });

  it('in a pause starts nothing more', async () => {
    const subject = supervisor();
    await latest().die();
    await subject.stop();
    await clock.advance(8_000);
    expect(processes).toHaveLength(1);
  });

  it('in a restart waits for the old run and starts no new one', async () => {
    const subject = supervisor();
    const restarted = subject.restart();
    let over = false;
    const stopped = subject.stop().then(() => {
      over = true;
    });
    await flush();
    expect(over).toBe(false);
    await processes[0]?.end();
    await Promise.all([restarted, stopped]);
    expect(processes).toHaveLength(1);
  });

  it('that is forced kills what an orderly end still waits for', async () => {
    const subject = supervisor();
    void subject.stop();
    await subject.kill();
    expect(processes[0]?.killed).toBe(true);
  });
});

describe('the offspring', () => {
  it('is that of the running process, and none in a pause', async () => {
    const subject = supervisor();
    expect(await subject.offspring()).toEqual([{ pid: 7 }]);
    await latest().die();
    expect(await subject.offspring()).toEqual([]);
  });
});

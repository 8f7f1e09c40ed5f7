import { spawn } from 'node:child_process';
import { expect, it, onTestFinished } from 'vitest';
import { findProcess, startTime } from '../../src/build/process-tree.js';

/** proc(5) counts in ticks of so many ms. */
const TICK_MS = 10;

it.runIf(process.platform === 'linux')(
  'a process was started after what was done before it and not much later',
  async () => {
    const before = Date.now();
    const child = spawn('sleep', ['60']);
    const after = Date.now();
    onTestFinished(() => void child.kill());
    const info = await findProcess(child.pid ?? 0);
    const started = info ? startTime(info) : null;
    expect(started).toBeGreaterThanOrEqual(before);
    expect(started).toBeLessThanOrEqual(after + 3 * TICK_MS);
  },
);

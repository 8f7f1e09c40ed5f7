import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Measurement, type Metered, ProcProcessMeter } from '../../src/build/process-meter.js';
import { descendantsOf, startTime } from '../../src/build/process-tree.js';
import { ManualClock } from '../support/manual-clock.js';
import { tempDir, writeScript } from '../support/temp-dir.js';
import { waitUntil } from '../support/wait-until.js';

/** A program that is busy for a while. */
const BUSY = '#!/bin/sh\ni=0\nwhile [ $i -lt 200000 ]; do i=$((i+1)); done\n';

class Build {
  readonly pid: number;
  readonly measurement: Measurement;
  readonly #child: ChildProcess;
  readonly #metered: Promise<Metered>;

  constructor(meter: ProcProcessMeter, script: string, args: readonly string[]) {
    this.#child = spawn(script, args, { stdio: ['pipe', 'ignore', 'inherit'], detached: true });
    this.pid = this.#child.pid ?? 0;
    this.measurement = meter.watch(this.pid);
    this.#metered = new Promise((resolve) => this.#child.on('exit', () => resolve(this.measurement.end())));
    onTestFinished(() => {
      if (this.#child.exitCode === null) process.kill(-this.pid, 'SIGKILL');
    });
  }

  async end(): Promise<Metered> {
    this.#child.stdin?.end();
    return this.#metered;
  }
}

describe.runIf(process.platform === 'linux')('the meter', () => {
  it('counts the CPU time of processes that nobody has ever seen run', async () => {
    const dir = await tempDir();
    const busy = await writeScript(join(dir, 'busy'), BUSY);
    const meter = new ProcProcessMeter(new ManualClock());
    const metered = await new Build(meter, '/bin/sh', ['-c', `"${busy}"; true`]).end();
    expect(metered.usage?.cpuMs).toBeGreaterThanOrEqual(50);
    expect(metered.usage).not.toHaveProperty('peakMemory');
    expect(metered.steps).toEqual([]);
    const idle = await new Build(meter, '/bin/sh', ['-c', 'true']).end();
    expect(idle.usage?.cpuMs).toBeLessThan(metered.usage?.cpuMs ?? 0);
  });

  it('names the crates, the linker below one and the build scripts that it saw', async () => {
    const dir = await tempDir();
    await mkdir(join(dir, 'build/my-app-0123456789abcdef'), { recursive: true });
    // Under their own names these wait for the end of their input.
    const [ld, script] = [join(dir, 'ld'), join(dir, 'build/my-app-0123456789abcdef/build-script-build')];
    for (const path of [ld, script]) await symlink('/bin/cat', path);
    const rustc = await writeScript(join(dir, 'rustc'), `#!/bin/sh\n"${ld}"\ntrue\n`);
    const cargo = await writeScript(
      join(dir, 'cargo'),
      `#!/bin/sh\nexec 3<&0\n"${script}" <&3 &\n"${rustc}" --crate-name my_app --edition 2021 <&0\nwait\n`,
    );
    const clock = new ManualClock();
    const build = new Build(new ProcProcessMeter(clock), cargo, []);
    await waitUntil('all to have run for a while', async () => {
      await clock.advance(250);
      const below = await descendantsOf(build.pid);
      return below.length === 3 && below.every((process) => (startTime(process) ?? 0) < Date.now() - 400);
    });
    await clock.advance(250);
    build.measurement.compiled('my-app');
    const { usage, steps } = await build.end();
    expect(usage?.peakMemory).toBeGreaterThan(50_000);
    expect(steps).toHaveLength(3);
    expect(steps).toEqual(
      expect.arrayContaining([
        { name: 'my_app', kind: 'compile', ms: expect.any(Number) },
        { name: 'my-app', kind: 'build script', ms: expect.any(Number) },
        { name: 'my_app', kind: 'link', tool: 'ld', ms: expect.any(Number) },
      ]),
    );
    for (const { ms } of steps) expect(ms).toBeGreaterThanOrEqual(250);
    expect(clock.pending).toBe(0);
  });
});

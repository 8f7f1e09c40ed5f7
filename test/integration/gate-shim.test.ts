import { type ChildProcess, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ProcProcessMeter } from '../../src/build/process-meter.js';
import { findProcess } from '../../src/build/process-tree.js';
import { systemClock } from '../../src/core/clock.js';
import { startCargo } from '../../src/gate/cargo-run.js';
import { type GateCall, GateServer } from '../../src/gate/gate-server.js';
import { compiledShim } from '../support/dist.js';
import { tempDir, writeScript } from '../support/temp-dir.js';
import { waitUntil } from '../support/wait-until.js';

/** A cargo that tells its arguments, one a line, and ends as the variable END says. */
const REAL_CARGO = `#!/bin/sh
for arg do echo "arg:$arg"; done
case $END in
  signal) kill -TERM $$ ;;
  *) exit "\${END:-0}" ;;
esac
`;

interface Shimmed {
  readonly dir: string;
  readonly calls: GateCall[];
  readonly server: GateServer;
  /** Calls the shim as cargo-leptos calls cargo. */
  call(args: readonly string[], env?: Readonly<Record<string, string>>): Running;
}

class Running {
  stdout = '';
  stderr = '';
  readonly child: ChildProcess;
  readonly exited: Promise<number | NodeJS.Signals | null>;

  constructor(command: string, args: readonly string[], env: NodeJS.ProcessEnv, cwd: string) {
    const child = spawn(command, [...args], {
      env: { ...process.env, ...env },
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child = child;
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      this.stdout += chunk;
    });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      this.stderr += chunk;
    });
    this.exited = new Promise((resolve) => child.on('close', (code, signal) => resolve(code ?? signal)));
    onTestFinished(() => void child.kill('SIGKILL'));
  }

  get args(): readonly string[] {
    return [...this.stdout.matchAll(/^arg:(.*)$/gm)].map((match) => match[1] ?? '');
  }
}

/** The shim in a folder of that name, and a gate that answers what `onCall` says. */
async function shimmed(onCall: (call: GateCall) => void = () => undefined, folder = 'app'): Promise<Shimmed> {
  const dir = await tempDir(folder);
  const calls: GateCall[] = [];
  const server = new GateServer((call) => {
    calls.push(call);
    onCall(call);
  });
  const socketPath = join(dir, 'gate.sock');
  const realCargo = await writeScript(join(dir, 'real', 'cargo'), REAL_CARGO);
  const { writeShim } = await compiledShim();
  await writeShim({ folder: join(dir, 'bin'), socketPath, name: 'cargo', program: realCargo });
  await server.listen(socketPath);
  onTestFinished(() => server.close(130));
  return { dir, calls, server, call: (args, env = {}) => new Running(join(dir, 'bin', 'cargo'), args, env, dir) };
}

describe('a build', () => {
  it('asks the gate with arguments, folder and environment, and exits as that says', async () => {
    const { call, calls, dir } = await shimmed((asked) => asked.reply({ kind: 'exit', code: 101 }));
    const shim = call(['build', '--lib'], { LEPTOS_WATCH: 'true' });
    expect(await shim.exited).toBe(101);
    expect(calls[0]?.request).toMatchObject({
      program: join(dir, 'real/cargo'),
      args: ['build', '--lib'],
      cwd: dir,
      env: { LEPTOS_WATCH: 'true' },
    });
    expect(shim.stdout).toBe('');
  });

  it('passes arguments with blanks, quotes and line breaks on as they are', async () => {
    const args = ['build', '--config', 'a.b="c d"', "it's", '', 'ü\n$HOME `x`'];
    const { call, calls } = await shimmed((asked) => asked.reply({ kind: 'decline' }));
    const shim = call(args);
    expect(await shim.exited).toBe(0);
    expect(calls[0]?.request.args).toEqual(args);
    expect(shim.stdout).toContain("arg:it's");
  });

  it('gets any bytes of output on both streams, in full', async () => {
    const big = `${'ü\0'.repeat(200_000)}end`;
    const { call } = await shimmed((asked) => {
      asked.reply({ kind: 'stdout', data: Buffer.from(big).toString('base64') });
      asked.reply({ kind: 'stderr', data: Buffer.from('warning').toString('base64') });
      asked.reply({ kind: 'exit', code: 0 });
    });
    const shim = call(['metadata']);
    expect(await shim.exited).toBe(0);
    expect(shim.stdout.length).toBe(big.length);
    expect(shim.stdout.endsWith('end')).toBe(true);
    expect(shim.stderr).toBe('warning');
  });

  it('that is not for the gate is run by cargo itself', async () => {
    const { call } = await shimmed((asked) => asked.reply({ kind: 'decline' }));
    const shim = call(['build', '--package=other'], { END: '7' });
    expect(await shim.exited).toBe(7);
    expect(shim.args).toEqual(['build', '--package=other']);
  });

  it('tells the gate when it is killed', async () => {
    const { call, calls } = await shimmed();
    const shim = call(['build']);
    await waitUntil('the call', () => calls[0]);
    expect(calls[0]?.gone.aborted).toBe(false);
    shim.child.kill('SIGKILL');
    await waitUntil('gone', () => calls[0]?.gone.aborted);
    // An answer that comes too late does no harm.
    calls[0]?.reply({ kind: 'exit', code: 0 });
  });

  it('works in a folder with blanks, quotes and umlauts', async () => {
    const { call } = await shimmed((asked) => asked.reply({ kind: 'exit', code: 5 }), "größe 'der' $Seite");
    expect(await call(['build']).exited).toBe(5);
  });
});

describe('another subcommand', () => {
  it('goes straight to cargo', async () => {
    const { call, calls } = await shimmed();
    const shim = call(['--version'], { END: '3' });
    expect(await shim.exited).toBe(3);
    expect(shim.args).toEqual(['--version']);
    expect(calls).toEqual([]);
  });
});

describe('without a gate', () => {
  it('the shim runs cargo itself, when the socket is gone', async () => {
    const { call, server } = await shimmed();
    await server.close(130);
    const shim = call(['build', 'a b'], { END: '9' });
    expect(await shim.exited).toBe(9);
    expect(shim.args).toEqual(['build', 'a b']);
  });

  it('nor a listener behind the socket, too', async () => {
    const { call, server, dir } = await shimmed();
    await server.close(130);
    // A socket that a killed process has left behind.
    const left = spawn(process.execPath, [
      '-e',
      `require('node:net').createServer().listen(${JSON.stringify(join(dir, 'gate.sock'))}, () => process.kill(process.pid, 'SIGKILL'))`,
    ]);
    await new Promise((resolve) => left.on('exit', resolve));
    const shim = call(['build'], { END: '9' });
    expect(await shim.exited).toBe(9);
  });

  it('a signal that ends cargo is an exit code as a shell gives it', async () => {
    const { call } = await shimmed((asked) => asked.reply({ kind: 'decline' }));
    expect(await call(['build'], { END: 'signal' }).exited).toBe(143);
  });

  it('that ends in the middle of a call, cargo runs on', async () => {
    const dir = await tempDir();
    const realCargo = await writeScript(join(dir, 'real', 'cargo'), REAL_CARGO);
    const socketPath = join(dir, 'gate.sock');
    const rude = createServer((socket) => socket.once('data', () => socket.destroy()));
    await new Promise<void>((resolve) => rude.listen(socketPath, resolve));
    onTestFinished(() => void rude.close());
    const { writeShim } = await compiledShim();
    await writeShim({ folder: join(dir, 'bin'), socketPath, name: 'cargo', program: realCargo });
    expect(await new Running(join(dir, 'bin', 'cargo'), ['build'], { END: '4' }, dir).exited).toBe(4);
  });

  it('the gate that closes in order answers those who wait', async () => {
    const { call, calls, server } = await shimmed();
    const shim = call(['build']);
    await waitUntil('the call', () => calls[0]);
    await server.close(130);
    expect(await shim.exited).toBe(130);
  });
});

describe('the real cargo', () => {
  /** Starts a cargo of which this is the script; it finds its own folder in $HERE. */
  async function run(script: string, extraArgs: readonly string[] = []) {
    const dir = await tempDir();
    const realCargo = await writeScript(join(dir, 'cargo'), `#!/bin/sh\n${script}\n`);
    const statuses: string[] = [];
    const cargo = startCargo({
      shimFolder: '/shim',
      request: {
        program: realCargo,
        args: ['build', '--lib', 'a b'],
        cwd: dir,
        env: { PATH: `/shim:${process.env.PATH}`, HERE: dir },
      },
      extraArgs,
      onStatus: (status) => statuses.push(status.kind),
      clock: systemClock,
      meter: new ProcProcessMeter(systemClock),
    });
    const read = (name: string) => readFile(join(dir, name), 'utf8').catch(() => '');
    return { cargo, statuses, read };
  }

  it("gets our arguments behind the subcommand and cargo-leptos's after them", async () => {
    const { cargo, read } = await run('printf "%s\\n" "$@" >"$HERE/args"', ['--config', 'x="y z"']);
    expect(await cargo.finished).toMatchObject({ ok: true, code: 0, stopped: false });
    const args = (await read('args')).trim().split('\n');
    expect([args[0], ...args.slice(-4)]).toEqual(['build', '--config', 'x="y z"', '--lib', 'a b']);
  });

  it('does not find the shim on its PATH', async () => {
    const { cargo, read } = await run('echo "$PATH" >"$HERE/path"');
    await cargo.finished;
    expect((await read('path')).trim().split(':')).not.toContain('/shim');
  });

  it('that fails tells its words, not its progress', async () => {
    const script = `printf '   Compiling app\\n    Building [=> ] 1/2: app\\r    Building [==>] 2/2: app\\rerror: linker not found\\n' >&2; exit 101`;
    const { cargo, statuses } = await run(script);
    expect(await cargo.finished).toMatchObject({ ok: false, code: 101, output: 'error: linker not found' });
    expect(statuses.filter((kind) => kind === 'progress')).toHaveLength(2);
  });

  it('that cannot be started is a failure', async () => {
    const cargo = startCargo({
      shimFolder: '/shim',
      request: { program: '/no/such/cargo', args: ['build'], cwd: '/', env: {} },
      extraArgs: [],
      onStatus: () => undefined,
      clock: systemClock,
      meter: new ProcProcessMeter(systemClock),
    });
    expect(await cargo.finished).toMatchObject({
      ok: false,
      code: 127,
      output: expect.stringContaining('/no/such/cargo'),
    });
  });

  it.each([
    ['in order', ''],
    ['though it does not listen to SIGTERM', 'trap "" TERM'],
  ])('is stopped %s, with all that it started', async (_how, trap) => {
    const script = `${trap}
sleep 600 & echo $! >"$HERE/child"
sh -c 'sleep 600 & echo $! >"$HERE/grandchild"; wait' &
echo $$ >"$HERE/self"
wait; wait`;
    const { cargo, read } = await run(script);
    const pids = await waitUntil('all processes', async () => {
      const found = await Promise.all(['self', 'child', 'grandchild'].map(read));
      return found.every((text) => text.endsWith('\n')) && found.map(Number);
    });
    await cargo.stop();
    expect(await cargo.finished).toMatchObject({ ok: false, stopped: true });
    for (const pid of pids) expect(await findProcess(pid)).toBeNull();
  });
});

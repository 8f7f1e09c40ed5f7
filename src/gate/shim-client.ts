/**
 * The part of the `cargo` shim that talks to the gate; started by the shell script that `shim.ts` writes:
 *   node shim-client.js SOCKET REAL_CARGO ARGS...
 * It has no dependency but node, so that it starts in some 40 ms. Whatever goes wrong, it runs cargo itself:
 * the gate must never be the reason that nothing builds.
 */
import { spawn } from 'node:child_process';
import { connect } from 'node:net';
import { constants } from 'node:os';
import { type CargoRequest, encodeLine, type GateReply, lineSplitter } from './protocol.js';

const [socketPath = '', program = 'cargo', ...args] = process.argv.slice(2);

function runCargo(): void {
  const child = spawn(program, args, { stdio: 'inherit' });
  child.on('error', (error) => {
    process.stderr.write(`leptos-fast: cannot start ${program}: ${error.message}\n`);
    process.exit(127);
  });
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (signal ? constants.signals[signal] : 0)));
}

function ask(): void {
  let decided = false;
  const socket = connect(socketPath);
  const fallBack = (): void => {
    if (decided) return;
    decided = true;
    socket.destroy();
    runCargo();
  };
  const onReply = (line: string): void => {
    const reply = JSON.parse(line) as GateReply;
    switch (reply.kind) {
      case 'stdout':
        process.stdout.write(Buffer.from(reply.data, 'base64'));
        return;
      case 'stderr':
        process.stderr.write(Buffer.from(reply.data, 'base64'));
        return;
      case 'exit':
        decided = true;
        process.exitCode = reply.code;
        socket.destroy();
        return;
      case 'decline':
        fallBack();
        return;
    }
  };
  socket.setEncoding('utf8');
  socket.on('connect', () => {
    const env = Object.fromEntries(Object.entries(process.env).filter((entry) => entry[1] !== undefined));
    socket.write(encodeLine({ program: program, args, cwd: process.cwd(), env } as CargoRequest));
  });
  socket.on('data', lineSplitter(onReply));
  socket.on('error', fallBack);
  socket.on('close', fallBack);
}

ask();

import { chmod, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { type CargoRequest, encodeLine, type GateReply, lineSplitter } from './protocol.js';

/** Time (ms) for a shim to take its answer when the gate closes. */
const LAST_WORD_WITHIN_MS = 300;

/** One open call of the shim. */
export interface GateCall {
  readonly request: CargoRequest;
  /** Fires when the shim was killed or has its answer. */
  readonly gone: AbortSignal;
  reply(reply: GateReply): void;
}

/** Listens on the gate's socket and hands each call to `onCall`. The socket's folder keeps other users out. */
export class GateServer {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  constructor(onCall: (call: GateCall) => void) {
    this.#server = createServer((socket) => this.#accept(socket, onCall));
  }

  /** Binds the socket; what an earlier run left there is removed first. */
  async listen(socketPath: string): Promise<void> {
    await rm(socketPath, { force: true });
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(socketPath, resolve);
    });
    await chmod(socketPath, 0o600);
  }

  /** Ends every open call with `code` and stops listening. */
  async close(code: number): Promise<void> {
    for (const socket of this.#sockets) {
      socket.end(encodeLine({ kind: 'exit', code }));
      // A stopped shim never reads its answer.
      setTimeout(() => socket.destroy(), LAST_WORD_WITHIN_MS).unref();
    }
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #accept(socket: Socket, onCall: (call: GateCall) => void): void {
    this.#sockets.add(socket);
    const gone = new AbortController();
    socket.setEncoding('utf8');
    socket.on('close', () => {
      this.#sockets.delete(socket);
      gone.abort();
    });
    // A shim that is killed resets the connection; `close` follows.
    socket.on('error', () => socket.destroy());
    const onLine = (line: string): void => {
      const request = parseRequest(line);
      if (!request) {
        socket.destroy();
        return;
      }
      onCall({
        request,
        gone: gone.signal,
        reply: (reply) => {
          if (!socket.writable) return;
          if (reply.kind === 'exit') socket.end(encodeLine(reply));
          else socket.write(encodeLine(reply));
        },
      });
    };
    socket.on('data', lineSplitter(onLine));
  }
}

/** A request of our shim; null for anything else that found the socket. */
function parseRequest(line: string): CargoRequest | null {
  try {
    const parsed = JSON.parse(line) as Partial<CargoRequest> | null;
    const { program, args, cwd, env } = parsed ?? {};
    return program !== undefined && args !== undefined && cwd !== undefined && env !== undefined
      ? { program, args, cwd, env }
      : null;
  } catch {
    return null;
  }
}

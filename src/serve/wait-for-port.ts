import { connect, type Socket } from 'node:net';
import type { Clock } from '../core/clock.js';

/** Time between two tries, in ms. */
const TRY_EVERY_MS = 25;

/** Where to reach a server that listens on `host`: a wildcard address is reached through loopback. */
export function reachableHost(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  return host === '::' ? '::1' : host;
}

/** A connection to what listens there; null when nothing does, or when `signal` fires before. */
export function connectTo(host: string, port: number, signal?: AbortSignal): Promise<Socket | null> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve(null);
    const socket = connect({ host: reachableHost(host), port, noDelay: true });
    const fail = (): void => {
      socket.destroy();
      settle(null);
    };
    const settle = (result: Socket | null): void => {
      signal?.removeEventListener('abort', fail);
      resolve(result);
    };
    signal?.addEventListener('abort', fail);
    // For as long as the socket lives: an error that nobody listens to would end the process.
    socket.on('error', fail);
    socket.once('connect', () => {
      if (!isOwnEcho(socket)) return settle(socket);
      // Closed in order, it would keep the port from the app for a minute.
      socket.resetAndDestroy();
      settle(null);
    });
  });
}

/** True when something accepts connections there. */
export async function isListening(host: string, port: number, signal?: AbortSignal): Promise<boolean> {
  const socket = await connectTo(host, port, signal);
  socket?.destroy();
  return socket !== null;
}

/** Resolves true when something accepts connections there, false when `signal` fires before. */
export async function waitForPort(host: string, port: number, clock: Clock, signal: AbortSignal): Promise<boolean> {
  while (!signal.aborted) {
    if (await isListening(host, port, signal)) return true;
    await pause(clock, signal);
  }
  return false;
}

/**
 * A connection from a port to itself. Nobody has to listen for it: on loopback the system may pick as the source the
 * very port that is called, and does so sooner or later when a closed one is called again and again.
 */
function isOwnEcho({ localPort, remotePort, localAddress, remoteAddress }: Socket): boolean {
  return localPort === remotePort && localAddress === remoteAddress;
}

/** Resolves when it is time for the next try, or `signal` fires. */
export function pause(clock: Clock, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const end = (): void => {
      cancel();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const cancel = clock.after(TRY_EVERY_MS, end);
    signal.addEventListener('abort', end);
  });
}

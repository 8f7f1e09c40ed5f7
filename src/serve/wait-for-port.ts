import { connect } from 'node:net';
import { type Clock, delay } from '../core/clock.js';

/** Time between two tries, in ms. */
const TRY_EVERY_MS = 25;

/** Where to reach a server that listens on `host`: a wildcard address is reached through loopback. */
export function reachableHost(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  return host === '::' ? '::1' : host;
}

/** True when something accepts connections there. */
export function isListening(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: reachableHost(host), port });
    const end = (listening: boolean): void => {
      socket.destroy();
      resolve(listening);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}

/** Resolves true when something accepts connections there, false when `signal` fires before. */
export async function waitForPort(host: string, port: number, clock: Clock, signal: AbortSignal): Promise<boolean> {
  while (!signal.aborted) {
    if (await isListening(host, port)) return true;
    await delay(clock, TRY_EVERY_MS);
  }
  return false;
}

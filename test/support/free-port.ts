import { createServer, type Server } from 'node:net';
import { onTestFinished } from 'vitest';

/** Below those that the system gives to outgoing connections, of which one might take a port that was free just now. */
const FROM = 10_000;
/** Test files that run at the same time take theirs from different parts of the range: vitest numbers its workers. */
const PARTS = 8;
const COUNT = 10_000 / PARTS;
const PART = Number(process.env.VITEST_POOL_ID ?? 0) % PARTS;
const given = new Set<number>();

/** A port on which nothing listens at the moment, and that no other test has been given. */
export async function freePort(): Promise<number> {
  for (;;) {
    const wanted = FROM + PART * COUNT + Math.floor(Math.random() * COUNT);
    if (given.has(wanted)) continue;
    const server = createServer();
    const port = await listen(server, wanted).catch(() => null);
    await new Promise<void>((resolve) => server.close(() => resolve()));
    if (port === null) continue;
    given.add(port);
    return port;
  }
}

/** Takes a port until the test ends; resolves with its number. */
export async function takePort(port = 0): Promise<number> {
  const server = createServer((socket) => socket.destroy());
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  return listen(server, port);
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
}

import { createServer, type Server } from 'node:net';
import { onTestFinished } from 'vitest';

/** A port on which nothing listens at the moment. */
export async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listen(server, 0);
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
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

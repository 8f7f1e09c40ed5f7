import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { requestHead } from './proxy-headers.js';
import type { Upstream } from './proxy-upstream.js';

const NOT_UP = 'HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n';

/** WebSockets and other upgrades: the bytes of both sides, untouched. `head` is what came behind the request's head. */
export async function tunnel(
  app: Upstream,
  incoming: IncomingMessage,
  client: Socket,
  head: Buffer,
  holdMs: number,
): Promise<void> {
  const gone = new AbortController();
  client.on('error', () => client.destroy());
  client.once('close', () => gone.abort());
  const stopWatching = watchForEnd(client);
  const connection = await app.connect(gone.signal, holdMs);
  const upstream = connection?.socket;
  stopWatching();
  if (gone.signal.aborted) {
    upstream?.destroy();
    return;
  }
  if (!upstream) {
    client.write(NOT_UP);
    client.destroySoon();
    return;
  }
  upstream.write(requestHead(incoming), 'latin1');
  if (head.length > 0) upstream.write(head);
  join(client, upstream);
  join(upstream, client);
}

/** Passes on what `from` sends and how it ends: in order, with everything written, or broken. */
function join(from: Socket, to: Socket): void {
  from.pipe(to);
  from.once('close', (broken: boolean) => {
    if (broken) to.resetAndDestroy();
    else to.destroySoon();
  });
}

/** A client that leaves is seen only while its socket is read: it is, up to the first bytes that someone must get. */
function watchForEnd(client: Socket): () => void {
  const onData = (chunk: Buffer): void => {
    client.off('data', onData);
    client.pause();
    client.unshift(chunk);
  };
  const onEnd = (): void => {
    client.destroy();
  };
  client.on('data', onData);
  client.on('end', onEnd);
  return () => {
    client.off('data', onData);
    client.off('end', onEnd);
  };
}

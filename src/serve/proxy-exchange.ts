import {
  type ClientRequest,
  type IncomingMessage,
  type InformationEvent,
  request,
  type ServerResponse,
} from 'node:http';
import type { Readable, Transform } from 'node:stream';
import type { Edits } from './page-edits.js';
import { pairs, requestHeaders } from './proxy-headers.js';
import type { Connection } from './proxy-upstream.js';

/** A request of a browser and its answer. */
export interface Exchange {
  readonly incoming: IncomingMessage;
  readonly response: ServerResponse;
  /** Fires when nobody waits for the answer any more, or has all of it. */
  readonly gone: AbortSignal;
  /** The host for requests that name none. */
  readonly defaultHost: string;
  readonly edits: Edits;
}

/** `answered`: the answer has begun; from there on it is passed on or broken off. */
export type Outcome = 'answered' | 'unanswered';

/** More than servers take (hyper: some 400 KB), so that it is the app that refuses. */
export const MAX_HEADER_BYTES = 1024 * 1024;

const NOTHING = new Uint8Array();

/** Sends the request on a fresh connection to the app and passes the answer on, both as they come. */
export function sendOn(exchange: Exchange, { socket, at }: Connection): Promise<Outcome> {
  const { incoming, gone, defaultHost, edits } = exchange;
  return new Promise((resolve) => {
    const outgoing = request({
      createConnection: () => socket,
      method: incoming.method,
      path: incoming.url,
      headers: requestHeaders(incoming, defaultHost, edits.withheld),
      maxHeaderSize: MAX_HEADER_BYTES,
    });
    outgoing.maxHeadersCount = 0;
    let answer: IncomingMessage | null = null;
    passInterim(exchange, outgoing);
    outgoing.once('response', (message) => {
      answer = message;
      resolve(passAnswer(exchange, message, at) ? 'answered' : 'unanswered');
    });
    outgoing.on('error', () => {
      // A body that ends with the connection: Node would take a broken one for the end.
      if (answer && !answer.complete) breakOff(exchange);
    });
    outgoing.once('close', () => {
      resolve('unanswered');
      // What the app did not take is read all the same: the browser's next request lies behind it.
      incoming.unpipe(outgoing);
      incoming.resume();
    });
    gone.addEventListener('abort', () => outgoing.destroy(), { once: true });
    passBody(incoming, outgoing);
  });
}

/** Passes on what comes before the answer: 100 Continue, 102 Processing, 103 Early Hints. */
function passInterim({ incoming, response }: Exchange, outgoing: ClientRequest): void {
  outgoing.on('continue', () => {
    if (incoming.headers.expect !== undefined) response.writeContinue();
  });
  outgoing.on('information', ({ statusCode, rawHeaders }: InformationEvent) => {
    if (incoming.httpVersion === '1.0') return;
    if (statusCode === 102) response.writeProcessing();
    const links = pairs(rawHeaders).filter(([name]) => name.toLowerCase() === 'link');
    const link = links.flatMap(([, value]) => value.split(/,\s*(?=<)/));
    if (statusCode !== 103 || link.length === 0) return;
    try {
      response.writeEarlyHints({ link });
    } catch {
      // Node knows fewer forms of a link than browsers. It was only a hint.
    }
  });
}

/** False when the answer cannot be passed on, because Node refuses to write such a head. */
function passAnswer(exchange: Exchange, answer: IncomingMessage, at: number): boolean {
  const { response, edits } = exchange;
  const { headers, through } = edits.answer(answer, at);
  response.sendDate = false;
  try {
    response.writeHead(answer.statusCode ?? 0, answer.statusMessage, [...headers]);
  } catch {
    response.statusMessage = '';
    answer.destroy();
    return false;
  }
  // Sends the head at once, as flushHeaders does, but that one would send it as UTF-8 and not as the bytes that came.
  response.write(NOTHING);
  for (const stream of [answer, ...through]) stream.on('error', () => breakOff(exchange));
  passBody(answer, response, through);
  return true;
}

function passBody(from: IncomingMessage, to: ClientRequest | ServerResponse, through: readonly Transform[] = []): void {
  // Comes before the pipe's own listener, which ends the message.
  from.once('end', () => {
    if (from.rawTrailers.length > 0) to.addTrailers(pairs(from.rawTrailers));
  });
  through.reduce((last: Readable, stream) => last.pipe(stream), from).pipe(to);
}

/** Lets the browser see that the answer is not whole. */
function breakOff({ incoming, response }: Exchange): void {
  // In HTTP/1.0 a connection that is closed in order is the end of the body.
  if (incoming.httpVersion === '1.0') incoming.socket.resetAndDestroy();
  response.destroy();
}

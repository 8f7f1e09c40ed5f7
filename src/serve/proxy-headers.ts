import type { IncomingMessage } from 'node:http';
import type { Transform } from 'node:stream';

/** The head of an answer as names and values in turn, and what its body goes through, in this order. */
export interface EditedAnswer {
  readonly headers: readonly string[];
  readonly through: readonly Transform[];
}

/**
 * Headers that belong to one connection and not to the message (RFC 9110, 7.6.1). `Trailer` is among them since Node
 * refuses to write it where it does not chunk; the trailers themselves are passed on.
 */
const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);
/** They say where the message goes and where it ends: they stay, even if `Connection` names them. */
const INDISPENSABLE: ReadonlySet<string> = new Set(['host', 'content-length']);
/** Methods whose requests Node sends without a length when there is no body. */
const USUALLY_WITHOUT_BODY: ReadonlySet<string> = new Set(['GET', 'HEAD', 'DELETE', 'OPTIONS', 'TRACE']);

/** The headers of a message that are for the other end, as they came: order, case and duplicates. */
export function endToEnd(rawHeaders: readonly string[]): string[] {
  const dropped = new Set(HOP_BY_HOP);
  for (const [name, value] of pairs(rawHeaders)) {
    if (name.toLowerCase() !== 'connection') continue;
    for (const named of value.toLowerCase().split(',')) dropped.add(named.trim());
  }
  return pairs(rawHeaders)
    .filter(([name]) => INDISPENSABLE.has(name.toLowerCase()) || !dropped.has(name.toLowerCase()))
    .flat();
}

/** Headers without those of these names, which are given in lower case. */
export function without(rawHeaders: readonly string[], names: readonly string[]): string[] {
  return pairs(rawHeaders)
    .filter(([name]) => !names.includes(name.toLowerCase()))
    .flat();
}

/** The headers with which a request goes on to the app, but those withheld. Its body ends there where it ended here. */
export function requestHeaders(
  { rawHeaders, headers, method = '' }: IncomingMessage,
  defaultHost: string,
  withheld: readonly string[],
): string[] {
  const passed = without(endToEnd(rawHeaders), withheld);
  // HTTP/1.0 knows requests without a host; we speak 1.1 to the app.
  if (headers.host === undefined) passed.unshift('Host', defaultHost);
  const encoding = headers['transfer-encoding'];
  if (encoding !== undefined) passed.push('Transfer-Encoding', encoding);
  else if (headers['content-length'] === undefined && !USUALLY_WITHOUT_BODY.has(method)) {
    // Node would make it a chunked body.
    passed.push('Content-Length', '0');
  }
  passed.push('Connection', 'close');
  return passed;
}

/** True when the request comes with a body. */
export function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/** The head of a request, byte for byte when written as latin1. */
export function requestHead({ method, url, httpVersion, rawHeaders }: IncomingMessage): string {
  const lines = pairs(rawHeaders).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${method} ${url} HTTP/${httpVersion}\r\n${lines.join('')}\r\n`;
}

/** Names and values of a list that has them in turn. */
export function pairs(raw: readonly string[]): [name: string, value: string][] {
  return Array.from({ length: raw.length / 2 }, (_, index) => [raw[2 * index] ?? '', raw[2 * index + 1] ?? '']);
}

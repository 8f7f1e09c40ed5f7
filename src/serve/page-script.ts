import type { IncomingMessage } from 'node:http';
import type { Transform } from 'node:stream';
import * as zlib from 'node:zlib';
import { metaNonce, scriptPolicy } from './csp.js';
import { InsertIntoHead } from './html-head.js';
import { hasOwnHost, pathOf } from './own-address.js';
import { CLIENT_PATH } from './page-protocol.js';
import { type EditedAnswer, endToEnd, without } from './proxy-headers.js';

/**
 * Why a page has no script. `host`: it was asked for under a name that is not ours; `method`: it answers a form;
 * `policy`: its Content-Security-Policy forbids it; `encoding`: compressed in a way that Node does not know; `charset`:
 * UTF-16, or not a whole document.
 */
export type WhyWithout = 'host' | 'method' | 'policy' | 'encoding' | 'charset';

/** An HTML document that went to the browser as the app wrote it: it hears nothing from us. */
export interface PageWithoutScript {
  readonly path: string;
  readonly why: WhyWithout;
}

export interface PageScriptOptions {
  /** Of this run; the script brings it along when it opens the socket. */
  readonly token: string;
  /** Names of the site besides localhost and literal addresses, in lower case. */
  readonly hosts: readonly string[];
  readonly onPageWithoutScript: (page: PageWithoutScript) => void;
}

const DOCUMENT_DESTINATIONS: ReadonlySet<string> = new Set(['document', 'iframe', 'frame']);
/** Answers that are no page of their own: without a body, or a part of one. */
const NOT_WHOLE: ReadonlySet<number> = new Set([204, 205, 206, 304]);

/** True when the browser is about to show the answer as a page, and no script of a page asks for it. */
export function isForDocument({ headers }: IncomingMessage): boolean {
  const destination = headers['sec-fetch-dest'];
  // What is fetched ahead is shown later without another request.
  if (destination === 'empty') return `${headers['sec-purpose'] ?? headers.purpose}`.startsWith('prefetch');
  if (typeof destination === 'string') return DOCUMENT_DESTINATIONS.has(destination);
  return headers.accept?.includes('text/html') ?? false;
}

/** The tag that loads the script; `at` (ms since the epoch) is the moment from which the page's content is. */
export function scriptTag(token: string, at: number, nonce: string | null): string {
  const source = `${CLIENT_PATH}?at=${at}&amp;token=${encodeURIComponent(token)}`;
  return `<script async type="module" src="${source}"${nonce === null ? '' : ` nonce="${nonce}"`}></script>`;
}

/**
 * An answer with the script in it, when it is an HTML page; null when it goes on as it is. `at` is when the connection
 * was opened that brought it.
 */
export function withScript(
  options: PageScriptOptions,
  request: IncomingMessage,
  answer: IncomingMessage,
  at: number,
): EditedAnswer | null {
  if (!isForDocument(request) || !isHtmlPage(request, answer)) return null;
  const leave = (why: WhyWithout): null => {
    options.onPageWithoutScript({ path: pathOf(request.url), why });
    return null;
  };
  if (request.method !== 'GET') return leave('method');
  if (!hasOwnHost(request, options.hosts)) return leave('host');
  if (/;\s*charset\s*=\s*["']?\s*utf-?16/i.test(answer.headers['content-type'] ?? '')) return leave('charset');
  const policy = scriptPolicy(answer, request.headers.host ?? '');
  if (!policy.allows) return leave('policy');
  const decoders = decodersFor(answer.headers['content-encoding'] ?? '');
  if (!decoders) return leave('encoding');
  const insert = new InsertIntoHead(
    (ahead) => scriptTag(options.token, at, policy.nonce ?? metaNonce(ahead)),
    () => leave('charset'),
  );
  return {
    headers: without(endToEnd(answer.rawHeaders), [
      'content-length',
      ...(decoders.length > 0 ? ['content-encoding'] : []),
    ]),
    through: [...decoders, insert],
  };
}

function isHtmlPage({ method }: IncomingMessage, { headers, statusCode = 0 }: IncomingMessage): boolean {
  return (
    method !== 'HEAD' &&
    !NOT_WHOLE.has(statusCode) &&
    /^\s*text\/html\s*(;|$)/i.test(headers['content-type'] ?? '') &&
    !/^\s*attachment\b/i.test(headers['content-disposition'] ?? '')
  );
}

/** Node has it from 22.15 on. */
const { createZstdDecompress } = zlib as { readonly createZstdDecompress?: () => Transform };

const DECODERS: ReadonlyMap<string, () => Transform> = new Map([
  ['gzip', zlib.createGunzip],
  ['x-gzip', zlib.createGunzip],
  ['deflate', zlib.createInflate],
  ['br', zlib.createBrotliDecompress],
  ...(createZstdDecompress ? ([['zstd', createZstdDecompress]] as const) : []),
]);

/** What undoes the encodings, which are named in the order in which they were applied; null when one is not known. */
function decodersFor(contentEncoding: string): Transform[] | null {
  const names = contentEncoding
    .toLowerCase()
    .split(',')
    .map((name) => name.trim());
  const decoders = names.filter((name) => name !== '' && name !== 'identity').map((name) => DECODERS.get(name));
  const known = decoders.filter((create) => create !== undefined);
  return known.length === decoders.length ? known.reverse().map((create) => create()) : null;
}

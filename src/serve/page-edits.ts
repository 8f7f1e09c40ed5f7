import type { IncomingMessage } from 'node:http';
import { pathOf } from './own-address.js';
import { isForDocument, type PageScriptOptions, withScript } from './page-script.js';
import { type EditedAnswer, endToEnd, without } from './proxy-headers.js';

/** What the proxy changes in one exchange. */
export interface Edits {
  /** Request headers, in lower case, that the app does not get. */
  readonly withheld: readonly string[];
  /** The answer as the browser gets it; `at` (ms since the epoch) is when the connection to the app was opened. */
  readonly answer: (answer: IncomingMessage, at: number) => EditedAnswer;
}

/** With them the app could say "not modified", and the browser would take what it has from an earlier build. */
const CONDITIONS = ['if-none-match', 'if-modified-since'];
const CACHING = ['cache-control', 'etag', 'expires', 'last-modified', 'pragma'];

/** Passes everything on as it is. */
export const NO_EDITS: Edits = {
  withheld: [],
  answer: ({ rawHeaders }) => ({ headers: endToEnd(rawHeaders), through: [] }),
};

/** No browser keeps anything of the folder with the wasm: an old one must never meet new HTML. */
const PKG_EDITS: Edits = {
  withheld: CONDITIONS,
  answer: ({ rawHeaders }) => ({
    headers: [...without(endToEnd(rawHeaders), CACHING), 'Cache-Control', 'no-store'],
    through: [],
  }),
};

/** What changes for this request. `pkgPath` is the folder of the wasm as in URLs, e.g. `/pkg/`. */
export function editsFor(request: IncomingMessage, pkgPath: string, script: PageScriptOptions): Edits {
  if (pathOf(request.url).startsWith(pkgPath)) return PKG_EDITS;
  if (!isForDocument(request)) return NO_EDITS;
  return {
    // A page kept from earlier says of itself that it is old: it would be loaded again and again.
    withheld: CONDITIONS,
    answer: (answer, at) => withScript(script, request, answer, at) ?? NO_EDITS.answer(answer, at),
  };
}

import type { IncomingMessage, ServerResponse } from 'node:http';
import { type StandIn, standInPage } from './waiting-page.js';

/** Answers in place of the app: with a page where one is asked for, else with plain text. `script` is a tag or null. */
export function standIn(
  { headers }: IncomingMessage,
  response: ServerResponse,
  page: StandIn,
  script: string | null,
): void {
  const asPage = headers.accept?.includes('text/html') ?? false;
  const body = asPage ? standInPage(page, script) : `${page.title}. ${page.text}\n`;
  response.writeHead(page.status, {
    'content-type': asPage ? 'text/html; charset=utf-8' : 'text/plain; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    ...(page.status === 503 && { 'retry-after': '1' }),
  });
  response.end(body);
}

import { readdir, readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hasOwnHost, pathOf } from './own-address.js';
import { OWN_PATH } from './page-protocol.js';

/** Answers a request below OWN_PATH and returns true, or returns false and leaves it alone. */
export type OwnRoute = (request: IncomingMessage, response: ServerResponse) => boolean;

/** Where the build puts the browser's scripts. */
const CLIENT_FOLDER = fileURLToPath(new URL('../client/', import.meta.url));

/** Answers everything below OWN_PATH: by the first of the routes that wants to, else with 404. */
export function answerOwn(
  routes: readonly OwnRoute[],
  hosts: readonly string[],
  request: IncomingMessage,
  response: ServerResponse,
): void {
  if (!hasOwnHost(request, hosts)) answerText(response, 403, 'This host is not one of the site.');
  else if (!routes.some((route) => route(request, response))) answerText(response, 404, 'There is nothing here.');
}

/**
 * The route of the browser's scripts. The folder is read once: what is not in it then does not exist, whatever the path
 * looks like. Rejects when there is no such folder.
 */
export async function clientRoute(folder = CLIENT_FOLDER): Promise<OwnRoute> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.js'));
  const files = new Map<string, Buffer>();
  for (const name of names) files.set(`${OWN_PATH}/client/${name}`, await readFile(join(folder, name)));
  return (request, response) => {
    const body = files.get(pathOf(request.url));
    if (!body) return false;
    if (request.method === 'GET' || request.method === 'HEAD') answer(response, 200, 'text/javascript', body);
    else answerText(response.setHeader('allow', 'GET, HEAD'), 405, 'This can only be read.');
    return true;
  };
}

/** Answers with a sentence. */
export function answerText(response: ServerResponse, status: number, text: string): void {
  answer(response, status, 'text/plain', Buffer.from(`${text}\n`));
}

/** Answers with a text of a type, which no other site's page may read. */
export function answer(
  response: ServerResponse,
  status: number,
  type: string,
  body: Buffer,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, {
    ...headers,
    'content-type': `${type}; charset=utf-8`,
    'content-length': body.length,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'same-origin',
  });
  response.end(body);
}

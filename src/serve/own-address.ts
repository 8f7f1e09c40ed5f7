import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { OWN_PATH } from './page-protocol.js';

/** The path of a request's target, without the query, as it was sent. Proxies may be sent whole URLs. */
export function pathOf(url = ''): string {
  const [path = ''] = url.replace(/^https?:\/\/[^/?#]*/i, '').split(/[?#]/);
  return path === '' ? '/' : path;
}

/** The query of a request's target. */
export function queryOf(url = ''): URLSearchParams {
  return new URLSearchParams(/\?([^#]*)/.exec(url)?.[1] ?? '');
}

/** True for what is below OWN_PATH: the app never sees it. */
export function isOwnPath(path: string): boolean {
  return path === OWN_PATH || path.startsWith(`${OWN_PATH}/`);
}

/**
 * True when the request's Host is localhost, a literal address or one of `hosts`. A page of another site can make its
 * name point to this machine (DNS rebinding), but the browser then still sends that name.
 */
export function hasOwnHost({ headers }: IncomingMessage, hosts: readonly string[]): boolean {
  const match = /^(\[[0-9a-f:.]+\]|[^\s:@/\\[\]]+)(:\d+)?$/.exec(headers.host?.toLowerCase() ?? '');
  const name = match?.[1]?.replace(/^\[|\]$/g, '').replace(/\.$/, '') ?? '';
  if (name === '') return false;
  return isIP(name) !== 0 || name === 'localhost' || name.endsWith('.localhost') || hosts.includes(name);
}

/** True when the request comes from a page of the very host that it goes to. */
export function hasOwnOrigin({ headers }: IncomingMessage): boolean {
  const host = headers.host?.toLowerCase();
  const origin = headers.origin?.toLowerCase();
  return host !== undefined && (origin === `http://${host}` || origin === `https://${host}`);
}

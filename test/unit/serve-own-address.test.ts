import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { hasOwnHost, hasOwnOrigin, isOwnPath, pathOf, queryOf } from '../../src/serve/own-address.js';

function request(headers: IncomingMessage['headers']): IncomingMessage {
  return { headers } as IncomingMessage;
}

describe('the host', () => {
  it.each([
    'localhost',
    'LOCALHOST:3000',
    'localhost.:3000',
    'app.localhost:3000',
    '127.0.0.1:3000',
    '192.168.1.7',
    '[::1]:3000',
    '[fe80::1]',
    'app.test:3000',
  ])('%s is ours', (host) => {
    expect(hasOwnHost(request({ host }), ['app.test'])).toBe(true);
  });

  it.each([
    undefined,
    '',
    ':3000',
    'evil.test:3000',
    'xapp.test',
    'app.test.evil.test',
    'evillocalhost',
    'localhost.evil.test',
    '127.0.0.1.evil.test',
    'localhost@evil.test',
    'evil.test#localhost',
    'localhost:3000:3000',
    'localhost/',
    '[localhost]',
    '[::1',
    '2130706433',
  ])('%s is not', (host) => {
    expect(hasOwnHost(request(host === undefined ? {} : { host }), ['app.test'])).toBe(false);
  });
});

describe('the origin', () => {
  it.each([
    ['http://localhost:3000', 'localhost:3000'],
    ['https://app.test', 'app.test'],
    ['http://[::1]:3000', '[::1]:3000'],
  ])('%s may talk to %s', (origin, host) => {
    expect(hasOwnOrigin(request({ origin, host }))).toBe(true);
  });

  it.each([
    [undefined, 'localhost:3000'],
    ['null', 'localhost:3000'],
    ['http://localhost:3001', 'localhost:3000'],
    ['http://localhost', 'localhost:3000'],
    ['http://evil.test', 'localhost:3000'],
    ['http://127.0.0.1:3000', 'localhost:3000'],
    ['ws://localhost:3000', 'localhost:3000'],
    ['http://localhost:3000.evil.test', 'localhost:3000'],
  ])('%s may not talk to %s', (origin, host) => {
    expect(hasOwnOrigin(request({ host, ...(origin !== undefined && { origin }) }))).toBe(false);
  });
});

describe('the path', () => {
  it.each([
    ['/a/b?c=/d#e', '/a/b'],
    ['http://localhost:3000/a?b', '/a'],
    ['HTTPS://localhost', '/'],
    ['?a', '/'],
    ['*', '*'],
    ['//__leptos_fast/x', '//__leptos_fast/x'],
  ])('of %s is %s', (url, path) => {
    expect(pathOf(url)).toBe(path);
  });

  it.each([
    ['/__leptos_fast', true],
    ['/__leptos_fast/', true],
    ['/__leptos_fast/../../etc/passwd', true],
    ['/__leptos_fast2/x', false],
    ['/x/__leptos_fast/', false],
    ['//__leptos_fast/', false],
  ])('%s is ours: %s', (path, isOurs) => {
    expect(isOwnPath(path)).toBe(isOurs);
  });

  it('ends where the query begins', () => {
    expect(queryOf('/socket?token=a%26b&x=1').get('token')).toBe('a&b');
    expect(queryOf('/socket').get('token')).toBeNull();
  });
});

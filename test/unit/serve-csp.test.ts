import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { metaNonce, scriptPolicy } from '../../src/serve/csp.js';

function read(...policies: string[]): ReturnType<typeof scriptPolicy> {
  const answer = { headersDistinct: policies.length > 0 ? { 'content-security-policy': policies } : {} };
  return scriptPolicy(answer as unknown as IncomingMessage, 'localhost:3000');
}

describe('the nonce', () => {
  it.each([
    ["script-src 'nonce-AbC+/_-1=='", 'AbC+/_-1=='],
    ["default-src 'self'; SCRIPT-SRC 'self' 'NONCE-x1'", 'x1'],
    ["default-src 'nonce-d'", 'd'],
    ["default-src 'nonce-d'; script-src 'nonce-s'", 's'],
    ["script-src 'nonce-s'; script-src-elem 'nonce-e'", 'e'],
    ["style-src 'nonce-y'; script-src 'self'", null],
    ["script-src 'self'; script-src 'nonce-second'", null],
    ["script-src 'self' 'nonce-\"><script>'", null],
    ["style-src 'self', script-src 'nonce-listed'", 'listed'],
  ])('of %s is %s', (policy, nonce) => {
    expect(read(policy).nonce).toBe(nonce);
  });

  it('is in whichever header has it', () => {
    expect(read("img-src 'self'", "script-src 'nonce-n'").nonce).toBe('n');
  });

  it('may stand in the HTML, as Leptos writes it', () => {
    const html = (meta: string): Buffer => Buffer.from(`<meta charset="utf-8">${meta}<title>x</title>`);
    const policy = "default-src 'self'; script-src 'strict-dynamic' 'nonce-abc+/=='";
    expect(metaNonce(html(`<meta http-equiv="Content-Security-Policy" content="${policy}">`))).toBe('abc+/==');
    expect(metaNonce(html(`<META content="${policy}" HTTP-EQUIV=content-security-policy>`))).toBe('abc+/==');
    expect(metaNonce(html(`<meta name="description" content="${policy}">`))).toBeNull();
    expect(metaNonce(html(''))).toBeNull();
  });
});

describe('the script', () => {
  it.each([
    [],
    ["img-src 'none'"],
    ["default-src 'self'"],
    ['script-src *'],
    ['script-src http:'],
    ['script-src localhost:3000'],
    ['script-src http://localhost:3000/'],
    ['script-src localhost:*'],
    ["script-src 'strict-dynamic' 'nonce-a'"],
    ["default-src 'none'; script-src 'self'"],
    ["script-src 'nonce-a'", "script-src 'self'"],
    ['sandbox allow-scripts allow-same-origin'],
  ])('is allowed by %j %j', (...policies) => {
    expect(read(...policies.filter((policy) => policy !== undefined)).allows).toBe(true);
  });

  it.each([
    ["script-src 'none'"],
    ['default-src'],
    ["script-src 'sha256-abc'"],
    ["script-src 'strict-dynamic' 'self'"],
    ['script-src https://cdn.test'],
    ['script-src localhost:4000'],
    ["script-src 'nonce-a'", "script-src 'nonce-b'"],
    ["script-src 'self'", "default-src 'none'"],
    ['sandbox allow-scripts'],
  ])('is forbidden by %j %j', (...policies) => {
    expect(read(...policies.filter((policy) => policy !== undefined)).allows).toBe(false);
  });
});

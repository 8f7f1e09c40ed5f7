import { describe, expect, it } from 'vitest';
import { noAnswer, notUp, standInPage } from '../../src/serve/waiting-page.js';

const REFRESH = '<meta http-equiv="refresh" content="1">';

describe('the page in place of an app that is not up', () => {
  it.each(['GET', 'HEAD'])('looks again after %s', (method) => {
    expect(notUp(method).status).toBe(503);
    expect(standInPage(notUp(method))).toContain(REFRESH);
  });

  it.each(['POST', 'PUT', 'DELETE'])('does not after %s: what was sent would be lost without a word', (method) => {
    const page = standInPage(notUp(method));
    expect(page).not.toContain(REFRESH);
    expect(page).not.toContain('looks again');
    expect(page).toContain('was not sent');
  });
});

describe('the page in place of an answer that did not come', () => {
  it('names the method and never looks again by itself', () => {
    expect(noAnswer('GET').status).toBe(502);
    expect(standInPage(noAnswer('GET'))).not.toContain(REFRESH);
    expect(standInPage(noAnswer('POST'))).toContain('(POST)');
  });
});

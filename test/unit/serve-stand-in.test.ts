import { describe, expect, it } from 'vitest';
import { noAnswer, notUp, standInPage } from '../../src/serve/waiting-page.js';

const REFRESH = '<meta http-equiv="refresh" content="1">';
const SCRIPT = '<script async src="/script.js"></script>';

describe('the page in place of an app that is not up', () => {
  it.each(['GET', 'HEAD'])('looks again after %s', (method) => {
    expect(notUp(method).status).toBe(503);
    expect(standInPage(notUp(method), null)).toContain(REFRESH);
  });

  it('leaves that to its script where there is one', () => {
    const page = standInPage(notUp('GET'), SCRIPT);
    expect(page).toContain(`<head>${SCRIPT}`);
    expect(page).toContain(`<noscript>${REFRESH}</noscript>`);
    expect(page.replace(`<noscript>${REFRESH}</noscript>`, '')).not.toContain(REFRESH);
  });

  it.each(['POST', 'PUT', 'DELETE'])('does not after %s: what was sent would be lost without a word', (method) => {
    const page = standInPage(notUp(method), null);
    expect(page).not.toContain(REFRESH);
    expect(page).not.toContain('looks again');
    expect(page).toContain('was not sent');
  });
});

describe('the page in place of an answer that did not come', () => {
  it('names the method and never looks again by itself', () => {
    expect(noAnswer('GET').status).toBe(502);
    expect(standInPage(noAnswer('GET'), null)).not.toContain(REFRESH);
    expect(standInPage(noAnswer('GET'), SCRIPT)).not.toContain(REFRESH);
    expect(standInPage(noAnswer('POST'), null)).toContain('(POST)');
  });
});

it('what a stand-in page says is text, whatever is in it', () => {
  const page = standInPage({ status: 502, title: '</title><b>"', text: "<img src=x>&'", looksAgain: false }, null);
  expect(page).toContain('<title>&#60;/title&#62;&#60;b&#62;&#34;</title>');
  expect(page).toContain('<p>&#60;img src=x&#62;&#38;&#39;</p>');
});

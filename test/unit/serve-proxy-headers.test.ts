import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { endToEnd, pairs } from '../../src/serve/proxy-headers.js';

const name = fc.constantFrom(
  'X-A',
  'x-a',
  'Set-Cookie',
  'Host',
  'Content-Length',
  'Connection',
  'TE',
  'X-B',
  'Upgrade',
);
const value = fc.constantFrom('1', 'x-a', 'X-B , te', 'host, content-length', '');
const headers = fc.array(fc.tuple(name, value), { maxLength: 12 });

describe('endToEnd', () => {
  it('keeps a subsequence: nothing is added, changed or moved', () => {
    fc.assert(
      fc.property(headers, (list) => {
        const kept = pairs(endToEnd(list.flat()));
        let at = 0;
        for (const pair of kept) {
          at = list.findIndex((candidate, index) => index >= at && `${candidate}` === `${pair}`) + 1;
          expect(at).toBeGreaterThan(0);
        }
      }),
    );
  });

  it('drops what belongs to the connection or is named by it, and nothing else', () => {
    fc.assert(
      fc.property(headers, (list) => {
        const named = list
          .filter(([header]) => header === 'Connection')
          .flatMap(([, tokens]) => tokens.split(',').map((token) => token.trim().toLowerCase()));
        const expected = list.filter(([header]) => {
          const lower = header.toLowerCase();
          if (['host', 'content-length'].includes(lower)) return true;
          return !['connection', 'te', 'upgrade', ...named].includes(lower);
        });
        expect(pairs(endToEnd(list.flat()))).toEqual(expected);
      }),
    );
  });
});

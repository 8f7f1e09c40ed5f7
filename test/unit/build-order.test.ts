import { describe, expect, it } from 'vitest';
import { chooseOrder, type OrderFacts } from '../../src/build/order.js';

const FIT: OrderFacts = { gate: true, proxy: true, hashFiles: false, cargoLeptos: '0.3.11' };

describe('the order of both sides', () => {
  it.each(['together', 'auto'] as const)('is together for %s, and nothing has to be told', (typed) => {
    expect(chooseOrder(typed, { ...FIT, gate: false })).toEqual({ order: 'together' });
  });

  it('is content where that is asked for and possible', () => {
    expect(chooseOrder('content', FIT)).toEqual({ order: 'content' });
    expect(chooseOrder('content', { ...FIT, cargoLeptos: '0.4.0' })).toEqual({ order: 'content' });
  });

  it.each([
    [{ gate: false }, 'gate'],
    [{ proxy: false }, 'proxy'],
    [{ hashFiles: true }, 'hash-files'],
    [{ cargoLeptos: '0.3.10' }, '0.3.10'],
    [{ cargoLeptos: 'unknown' }, 'unknown'],
  ])('is together with %o, which is told', (facts, named) => {
    const chosen = chooseOrder('content', { ...FIT, ...facts });
    expect(chosen).toEqual({ order: 'together', notice: expect.stringContaining(named) });
  });
});

import { describe, expect, it } from 'vitest';
import { BASE, type Candidate } from '../../src/tune/candidate.js';
import { NO_WINNER, verdictText } from '../../src/tune/report-text.js';
import { ArmSamples } from '../../src/tune/samples.js';
import type { SearchResult } from '../../src/tune/search.js';

const MOLD: Candidate = { id: 'mold', group: 'linker', title: 'mold', entries: [], rebuilds: 'link' };

/** A result after so many edits, which took so many ms with and without the candidate. */
function resultOf(edits: number, ms: number, baseMs: number, more: Partial<SearchResult> = {}): SearchResult {
  const [base, samples] = [new ArmSamples(BASE), new ArmSamples({ candidates: [MOLD] })];
  const times = (value: number) => ({ ms: value, frontMs: 0, bindgenMs: 0, serverMs: 0, wasmBytes: null });
  for (let edit = 0; edit < edits; edit++) {
    base.add(edit, times(baseMs));
    samples.add(edit, times(ms));
  }
  return {
    base: { firstBuildMs: 1, samples: base },
    tried: [{ candidate: MOLD, firstBuildMs: 1, samples, ratio: samples.ratioTo(base) }],
    notTried: [],
    checks: [],
    winner: null,
    end: 'complete',
    ...more,
  };
}

describe('the verdict', () => {
  it('is that nothing wins, after enough edits', () => {
    expect(verdictText(resultOf(6, 100, 100))).toBe(NO_WINNER);
    expect(verdictText(resultOf(6, 100, 100, { end: 'budget' }))).toBe(NO_WINNER);
  });

  it('says that few edits say little', () => {
    expect(verdictText(resultOf(2, 100, 100, { end: 'budget' }))).toContain('Fewer than 6 edits with each say little');
  });

  it('says that what looks faster was not checked', () => {
    expect(verdictText(resultOf(6, 50, 100, { end: 'budget' }))).toContain('left no time to check it');
  });

  it('claims nothing when the user has ended it', () => {
    expect(verdictText(resultOf(6, 50, 100, { end: 'stopped' }))).toContain('Ended before it was clear');
  });
});

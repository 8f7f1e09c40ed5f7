import { describe, expect, it } from 'vitest';
import { type Advice, verdictOf } from '../../src/record/advice/advice.js';
import { adviceFor } from '../../src/record/advice/advice-for.js';
import type { AdviceFacts } from '../../src/record/advice/facts.js';
import type { BuildRecord, SideStep } from '../../src/record/build-record.js';
import { seededRandom } from '../../src/record/random.js';
import { summarise } from '../../src/record/summary.js';
import { built, history, incident, record, skipped } from './record-support.js';

const START = new Date(2026, 2, 10, 9).getTime();
const MINUTE = 60_000;

const FACTS: AdviceFacts = {
  cores: 4,
  memory: 16e9,
  installed: new Set(),
  rustcWrapper: null,
  assets: { files: 0, bytes: 0 },
};

type Fields = Partial<BuildRecord>;

/** A history that grows by edits, one a minute, whose times scatter by a tenth. */
class Days {
  readonly builds: BuildRecord[] = [];
  readonly #random = seededRandom(1);

  /** So many edits with about that time. `more` gets a figure around 1 to scatter others with. */
  edits(count: number, ms: number, more: Fields | ((factor: number) => Fields) = {}): this {
    for (let edit = 0; edit < count; edit++) {
      const factor = 0.9 + 0.2 * this.#random();
      const id = this.builds.length + 1;
      const fields = typeof more === 'function' ? more(factor) : more;
      this.builds.push(record({ id, at: START + id * MINUTE, contentMs: Math.round(ms * factor), ...fields }));
    }
    return this;
  }

  get end(): number {
    return this.builds.at(-1)?.at ?? START;
  }

  advice(facts: Partial<AdviceFacts> = {}, more: Parameters<typeof history>[1] = {}): readonly Advice[] {
    return adviceFor(history(this.builds, more), { ...FACTS, ...facts });
  }

  get summary() {
    return summarise(history(this.builds), this.end + MINUTE, 30);
  }
}

const ids = (advice: readonly Advice[]): readonly string[] => advice.map(({ id }) => id);
const find = (advice: readonly Advice[], id: string): Advice | undefined => advice.find((one) => one.id === id);

const compile = (name: string, ms: number): SideStep => ({ name, kind: 'compile', ms: Math.round(ms), side: 'front' });
const lean = { wasm: { served: 42e6, built: 50e6, debugInfo: 90_000, names: 20e6 } };
const withDebugInfo = { wasm: { served: 42e6, built: 353e6, debugInfo: 300e6, names: 20e6 } };

describe('an artificial slow-down is shown where it is, with the advice against it:', () => {
  it('debug info that was switched on, and off again', () => {
    const days = new Days().edits(30, 15_000, lean);
    expect(ids(days.advice())).toEqual(['tune']);
    const switchedOn = days.end + MINUTE;
    days.edits(20, 23_000, { ...withDebugInfo, mode: 'profile dev-fast of Cargo.toml' });
    expect(days.summary.changes).toMatchObject([
      { kind: 'both sides', isRegression: true, cameWith: [expect.stringContaining('mode:')] },
    ]);
    expect(Math.abs((days.summary.changes[0]?.at ?? 0) - switchedOn)).toBeLessThanOrEqual(2 * MINUTE);
    const [first] = days.advice();
    expect(first).toMatchObject({
      id: 'debug-info',
      command: 'leptos-fast init --preset balanced',
      state: { kind: 'open' },
      evidence: expect.arrayContaining([expect.stringContaining('300 MB of the 353 MB')]),
    });
    expect(first?.gain?.of).toBe('both sides');
    expect(Math.abs((first?.gain?.ms ?? 0) - 8_000)).toBeLessThan(1_500);

    days.edits(3, 15_000, lean);
    expect(find(days.advice(), 'debug-info')?.state).toEqual({ kind: 'followed', at: START + 51 * MINUTE });
    days.edits(10, 15_000, lean);
    const checked = find(days.advice(), 'debug-info')?.state;
    expect(checked).toMatchObject({ kind: 'checked', at: START + 51 * MINUTE });
    if (checked?.kind !== 'checked') return;
    expect(verdictOf(checked)).toBe('faster');
    expect(checked.beforeMs).toBeGreaterThan(20_000);
    expect(checked.afterMs).toBeLessThan(17_000);
  });

  it('debug info within one profile, which no name of it tells', () => {
    const days = new Days().edits(30, 15_000, lean).edits(20, 23_000, withDebugInfo);
    expect(ids(days.advice())[0]).toBe('debug-info');
    expect(find(days.advice(), 'debug-info')?.command).toBe('leptos-fast dev --preset balanced');
  });

  it('a heavy build script', () => {
    const script = (factor: number): SideStep => ({
      name: 'app',
      kind: 'build script',
      ms: Math.round(4_000 * factor),
      side: 'server',
    });
    const days = new Days().edits(30, 6_000, { steps: [compile('app', 1_500)] });
    days.edits(20, 10_000, (factor) => ({ steps: [script(factor), compile('app', 1_500)] }));
    expect(days.summary.changes).toMatchObject([{ kind: 'both sides', isRegression: true }]);
    const [first] = days.advice();
    expect(first).toMatchObject({ id: 'build-script:app', command: null, gain: { of: 'both sides' } });
    expect(Math.abs((first?.gain?.ms ?? 0) - 4_000)).toBeLessThan(400);
    days.edits(30, 6_000, { steps: [compile('app', 1_500)] });
    expect(find(days.advice(), 'build-script:app')?.state).toMatchObject({ kind: 'checked' });
  });

  it('2,000 more lines', () => {
    const before = { commit: 'aaaaaaaaaaaa' };
    const after = { commit: 'bbbbbbbbbbbb' };
    const crate = (ms: number, git: BuildRecord['git']) => (factor: number) => ({
      steps: [compile('app', ms * factor)],
      ...(git && { git }),
    });
    const days = new Days().edits(30, 8_000, crate(6_000, before)).edits(20, 12_000, crate(9_500, after));
    expect(days.summary.changes).toMatchObject([{ commitBefore: 'aaaaaaaaaaaa', commitAfter: 'bbbbbbbbbbbb' }]);
    const advice = find(days.advice(), 'split-crate:app');
    expect(advice).toMatchObject({ state: { kind: 'open' }, command: 'leptos-fast graph', gain: null });
    expect(advice?.evidence[1]).toMatch(/until 10 Mar, commit b{12}, and 9\.\d s since/);
    // Then it is split: edits wait for a crate that was not there.
    days.edits(30, 5_000, (factor) => ({ steps: [compile('app_pages', 3_000 * factor)] }));
    expect(find(days.advice(), 'split-crate:app')).toMatchObject({ state: { kind: 'checked' } });
  });
});

describe('the rules', () => {
  it('say nothing without records, with few, and about a quick loop', () => {
    expect(new Days().advice()).toEqual([]);
    expect(new Days().edits(5, 30_000, withDebugInfo).advice()).toEqual([]);
    expect(new Days().edits(60, 1_500, { ...lean, steps: [compile('app', 900)] }).advice()).toEqual([]);
  });

  it('know the profile that is not in use', () => {
    const plain = { mode: 'plain dev profile' };
    expect(find(new Days().edits(10, 9_000, plain).advice(), 'fast-profile')).toMatchObject({ gain: null });
    const days = new Days().edits(20, 6_000).edits(20, 9_000, plain);
    const advice = find(days.advice(), 'fast-profile');
    expect(advice).toMatchObject({ command: 'leptos-fast dev', gain: { of: 'both sides' } });
    expect(Math.abs((advice?.gain?.ms ?? 0) - 3_000)).toBeLessThan(700);
    expect(find(days.edits(20, 6_000).advice(), 'fast-profile')?.state).toMatchObject({ kind: 'checked' });
  });

  it('know a preset that was faster, and none where that may be noise', () => {
    const slow = { mode: 'minimal profile' };
    expect(new Days().edits(20, 6_000).edits(20, 8_000, slow).advice()).toMatchObject([
      { id: 'profile:balanced', command: 'leptos-fast dev --preset balanced' },
    ]);
    expect(new Days().edits(20, 6_000).edits(20, 6_050, slow).advice()).toEqual([]);
  });

  it('offer to try settings where only one was ever used', () => {
    expect(new Days().edits(19, 9_000).advice()).toEqual([]);
    expect(new Days().edits(20, 9_000).advice()).toMatchObject([
      { id: 'tune', command: 'leptos-fast tune', gain: null },
    ]);
  });

  it('count the waits for another cargo', () => {
    const days = new Days().edits(7, 2_000).edits(3, 4_000, { waitedMs: 2_000 });
    expect(find(days.advice(), 'rust-analyzer')).toMatchObject({ gain: { ms: 600, of: 'both sides' } });
    expect(new Days().edits(8, 2_000).edits(2, 4_000, { waitedMs: 2_000 }).advice()).toEqual([]);
  });

  it('name a linker that is there, and not one that is not', () => {
    const link = (tool: string): Fields => ({ steps: [{ name: 'app', kind: 'link', ms: 900, tool, side: 'server' }] });
    const slow = new Days().edits(10, 2_500, link('ld'));
    expect(slow.advice()).toMatchObject([{ id: 'linker', command: null }]);
    expect(slow.advice({ installed: new Set(['mold']) })).toMatchObject([
      { title: expect.stringContaining('mold'), command: 'leptos-fast tune' },
    ]);
    expect(slow.edits(10, 2_000, link('mold')).advice()).toMatchObject([{ id: 'linker', state: { kind: 'checked' } }]);
  });

  it('count the builds of all dependencies', () => {
    const heavy = { compiled: { count: 300, first: ['a'] }, sides: { front: built(90_000), server: built(80_000) } };
    const days = new Days().edits(3, 100_000, { id: 0, ...heavy }).edits(3, 1_000);
    expect(days.advice()).toMatchObject([{ id: 'sccache', command: null }]);
    expect(days.advice({ installed: new Set(['sccache']) })).toMatchObject([{ command: 'leptos-fast dev --sccache' }]);
    expect(days.advice({ rustcWrapper: 'sccache' })).toEqual([]);
  });

  it('see a wasm that grew, with the time that wasm-bindgen then takes', () => {
    const wasm =
      (served: number, bindgen: number) =>
      (factor: number): Fields => ({
        wasm: { served: served * factor },
        phases: [{ name: 'wasm-bindgen', from: 500, to: Math.round(500 + bindgen * factor) }],
      });
    const days = new Days().edits(20, 2_000, wasm(30e6, 400)).edits(20, 2_600, wasm(60e6, 1_000));
    expect(find(days.advice(), 'wasm-size')?.gain?.ms).toBeGreaterThan(400);
  });

  it('see slow copies of assets', () => {
    const copy: Fields = {
      sides: { assets: built(1_200) },
      why: 'asset',
      phases: [{ name: 'assets', from: 0, to: 1_200 }],
    };
    expect(new Days().edits(6, 1_500, copy).advice({ assets: { files: 4_000, bytes: 3e9 } })).toMatchObject([
      { id: 'assets', evidence: [expect.any(String), expect.stringContaining('4000 files with 3 GB')] },
    ]);
  });

  it('see builds that need the whole memory', () => {
    const days = new Days().edits(10, 2_000, { usage: { cpuMs: 1, peakMemory: 7e9 } });
    const killed = incident({ at: START + MINUTE, kind: 'retry', why: 'front: out of memory, or killed; built again' });
    expect(days.advice({ memory: 8e9 }, { incidents: [killed] })).toMatchObject([
      {
        id: 'memory',
        command: 'CARGO_BUILD_JOBS=2 leptos-fast dev',
        evidence: [expect.any(String), expect.any(String)],
      },
    ]);
    expect(days.advice()).toEqual([]);
  });

  it('look at edits that built something, of the newest profile alone', () => {
    const days = new Days()
      .edits(30, 4_000, withDebugInfo)
      .edits(30, 300, { sides: { front: skipped(), server: skipped() } });
    expect(ids(days.advice())).toContain('debug-info');
  });
});

it('advice is the same in every run of the same history', () => {
  const days = new Days().edits(30, 15_000, lean).edits(20, 23_000, withDebugInfo);
  expect(days.advice()).toEqual(days.advice());
});

import fc from 'fast-check';
import kleur from 'kleur';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Advice, AdviceState } from '../../src/record/advice/advice.js';
import type { BuildRecord } from '../../src/record/build-record.js';
import { htmlReport } from '../../src/record/html/html-report.js';
import type { LevelChange } from '../../src/record/level-changes.js';
import { nextStep } from '../../src/record/report/next-step.js';
import { terminalReport } from '../../src/record/report/terminal-report.js';
import { textTable, wrap } from '../../src/record/report/text-table.js';
import { changeTexts, printable, shareText, todayVerdict } from '../../src/record/report/words.js';
import type { Estimate } from '../../src/record/statistics.js';
import { summarise } from '../../src/record/summary.js';
import { built, HOSTILE_NAMES, history, incident, record, skipped } from './record-support.js';

const enabled = kleur.enabled;
beforeEach(() => {
  kleur.enabled = false;
});
afterEach(() => {
  kleur.enabled = enabled;
});

const NOW = new Date(2026, 2, 10, 12).getTime();
const DAY = 86_400_000;

/** A month with every kind of thing in it, in which every name is one of `names`. */
function month(names: readonly string[]) {
  const builds: BuildRecord[] = Array.from({ length: 200 }, (_, index) => {
    const name = names[index % names.length] ?? '';
    const level = index < 120 ? 4_000 : 6_000;
    return record({
      at: NOW - 29 * DAY + index * 3.4 * 3_600_000,
      id: index % 50,
      files: { count: 1, first: [name] },
      contentMs: level + (index % 7) * 50,
      ...(index % 4 === 1 && { sides: { front: skipped(name), server: built() }, contentMs: level / 2 + (index % 7) }),
      git: { commit: index < 120 ? 'aaa' : 'bbb', branch: name },
      compiled: { count: 2, first: ['app', name] },
      ...(index % 9 === 2 && { result: 'failed' as const, errors: { count: 1, codes: ['E0308', name] } }),
    });
  });
  return history(builds, {
    incidents: names.map((name) => incident({ at: NOW, kind: name, why: name })),
    unreadable: 2,
    otherVersions: 3,
  });
}

const PLAIN = ['src/app.rs', 'src/pages/home.rs', 'src/components/navigation/menu/a_rather_long_name_of_a_file.rs'];

/** One that is open, one that was followed and one that was checked, about each name. */
function adviceOn(lines: ReturnType<typeof history>): readonly Advice[] {
  const ratio = { value: 0.65, low: 0.6, high: 0.7 };
  const states: readonly AdviceState[] = [
    { kind: 'open' },
    { kind: 'followed', at: NOW },
    { kind: 'checked', at: NOW, beforeMs: 23_000, afterMs: 15_000, ratio },
  ];
  const names = new Set(lines.builds.flatMap(({ files }) => files.first));
  return [...names].map((name, index) => ({
    id: `split-crate:${name}`,
    title: `Split ${name}`,
    evidence: [`${name} takes 8 s`],
    gain: { ms: 8_000, of: 'both sides' },
    cost: 'work on your code',
    command: 'leptos-fast graph',
    state: states[index % states.length] ?? { kind: 'open' },
  }));
}

function textOf(lines: ReturnType<typeof history>, width: number): string {
  return terminalReport(summarise(lines, NOW, 30), adviceOn(lines), 'leptos-fast report: app', width);
}

describe('the report in the terminal', () => {
  it.each([60, 80, 120])('keeps within %i characters', (width) => {
    for (const line of textOf(month([...PLAIN, ...HOSTILE_NAMES]), width).split('\n')) {
      expect([...line].length, line).toBeLessThanOrEqual(width);
    }
  });

  it('tells what would make it faster, and what came of what was done', () => {
    const text = textOf(month(PLAIN), 120);
    expect(text).toContain('What would make it faster\n  Split src/app.rs\n    src/app.rs takes 8 s\n');
    expect(text).toContain(
      'saves: about 8.0 s an edit (both sides)\n    costs: work on your code\n    run: leptos-fast graph\n',
    );
    expect(text).toMatch(/followed on \d+ \w+; too few edits since/);
    expect(text).toMatch(/edits are faster, 23\.0 s → 15\.0 s, 0\.65 × \(0\.60 to 0\.70\); 8\.0 s were expected/);
  });

  it('tells everything that there is to tell', () => {
    const text = textOf(month(PLAIN), 100);
    for (const part of [
      /last save/,
      /today/,
      /7 days/,
      /arrived +100 % of what compiles/,
      /not built/,
      /both sides/,
      /server only/,
      /slower +both sides/,
      /aaa → bbb/,
      /src\/pages\/home\.rs/,
      /E0308 \d+ ×/,
      /2 lines of the history cannot be read/,
      /3 lines .* another version/,
    ]) {
      expect(text).toMatch(part);
    }
  });

  it('shows nothing that a terminal would obey', () => {
    const text = textOf(month(HOSTILE_NAMES), 100);
    expect([...text].filter((character) => (character < ' ' && character !== '\n') || character === '\u202e')).toEqual(
      [],
    );
    expect(text).not.toMatch(/^lines\.rs/m);
    expect(text).toContain('window.hacked');
  });

  it('of nothing is a few lines', () => {
    expect(textOf(history([]), 80)).toContain('no edit came to the page today');
  });
});

describe('a table', () => {
  const columns = [
    { title: 'file', align: 'left', least: 6 },
    { title: 'n', align: 'right' },
    { title: 'extra', align: 'right', dispensable: 1 },
  ] as const;

  it('lets go of columns first and of the beginnings of names then', () => {
    const rows = [['src/pages/home.rs', '12', '3']];
    const plain = (width: number) => textTable(columns, rows, width);
    expect(plain(40)).toEqual(['file                n  extra', 'src/pages/home.rs  12      3']);
    expect(plain(20)).toEqual(['file        n  extra', '…/home.rs  12      3']);
    expect(plain(12)).toEqual(['file       n', '…home.rs  12']);
  });

  it('breaks text between words where it can', () => {
    expect(wrap('one two three', 7)).toEqual(['one two', 'three']);
    expect(wrap('an incomprehensible one', 8)).toEqual(['an', 'incompre', 'hensible', 'one']);
  });
});

/** Local noon. */
const NOON = new Date(2026, 10, 22, 12).getTime();

const slower = (more: Partial<LevelChange> = {}): LevelChange => ({
  kind: 'both sides',
  at: NOON,
  before: 5_700,
  after: 9_800,
  ratio: { value: 1.72, low: 1.26, high: 1.92 },
  isRegression: true,
  commitBefore: 'abc1234',
  commitAfter: 'abc1234',
  cameWith: [],
  steps: [],
  ...more,
});

describe('words', () => {
  it('never round a failure away', () => {
    expect([shareText(1), shareText(0.99999), shareText(0.5)]).toEqual(['100 %', '99.9 %', '50.0 %']);
  });

  it('say slower only when the interval says so', () => {
    const counts = { batches: 9, weekBatches: 9, median: null, weekMedian: null };
    const said = (ratio: Estimate | null, changes: readonly LevelChange[] = []) =>
      todayVerdict({ today: { ...counts, ratio }, changes, generatedAt: NOON });
    const verdict = (low: number, high: number) => said({ value: 1, low, high });
    expect(verdict(1.1, 1.3)).toMatch(/^slower than/);
    expect(verdict(0.5, 0.9)).toMatch(/^faster than/);
    expect(verdict(0.9, 1.1)).toMatch(/^as fast as/);
    expect(said(null)).toMatch(/^too few/);
    expect(said(null, [slower({ at: NOON - 60_000 })])).toMatch(/^slower since 11:59: both sides, 5\.7 s → 9\.8 s$/);
    expect(said(null, [slower({ at: NOON - 60_000, isRegression: false })])).toMatch(/^faster since/);
    expect(said(null, [slower({ at: NOON - 24 * 3_600_000 })])).toMatch(/^too few/);
  });

  it('name the steps that made a change, and what came with it', () => {
    const step = { side: 'server', kind: 'build script', name: 'shop', before: null, after: 4_000 } as const;
    const compiling = { ...step, kind: 'compile', before: 1_200, after: 2_300 } as const;
    expect(changeTexts(slower({ steps: [step, compiling], cameWith: ['mode: a → b'] }))).toEqual([
      'most of it: server, build script of shop 4.0 s, not there before; server, compiling shop 1.2 s → 2.3 s',
      'came with mode: a → b',
    ]);
    expect(changeTexts(slower())).toEqual(['nothing else that is recorded changed']);
  });

  it('show every name in one harmless line', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        expect(printable(name)).not.toMatch(/[\p{Cc}\p{Cf}\u2028\u2029]/u);
      }),
    );
  });
});

describe('what to do where there is nothing to report', () => {
  const step = (lines: Partial<ReturnType<typeof history>>) => nextStep(history([], lines), NOW - 30 * DAY, 30, '/h');

  it('is said for each case', () => {
    expect(step({})).toMatch(/Nothing is recorded yet\. Run leptos-fast dev/);
    expect(step({ unreadable: 4 })).toMatch(/4 lines, and none .*\nRemove \/h,/);
    expect(step({ otherVersions: 1, unreadable: 1 })).toMatch(/another version/);
    expect(step({ builds: [record({ at: NOW - 45 * DAY })] })).toMatch(/--days 45$/);
    expect(step({ builds: [record({ at: NOW })] })).toBeNull();
  });
});

describe('the HTML report', () => {
  const pageOf = (lines: ReturnType<typeof history>): string =>
    htmlReport(lines, summarise(lines, NOW, 30), adviceOn(lines), 'app <b>');

  it('asks for nothing and runs nothing', () => {
    const page = pageOf(month(PLAIN));
    expect(page).not.toMatch(/<script|<link|\ssrc=|\shref=|@import|url\(/);
    expect(page).toContain("default-src 'none'");
    for (const part of [
      'The way of the last save',
      'Save to page, by kind of edit',
      'Slowest files to edit',
      'What would make it faster',
      'edits are faster, 23.0 s',
      'app &#60;b&#62;',
    ]) {
      expect(page).toContain(part);
    }
  });

  it('has no tag that is not ours, whatever the names are', () => {
    const ours = new Set(pageOf(month(PLAIN)).match(/<[^\s>]+/g));
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.constantFrom(...HOSTILE_NAMES), fc.string({ unit: 'binary' })), {
          minLength: 1,
          maxLength: 5,
        }),
        (names) => {
          const page = pageOf(month(names));
          expect([...(page.match(/<[^\s>]+/g) ?? [])].filter((tag) => !ours.has(tag))).toEqual([]);
          expect(page.match(/ on\w+=["']/g)).toBeNull();
        },
      ),
      { numRuns: 15 },
    );
  });

  it('of nothing is a page too', () => {
    expect(pageOf(history([]))).toMatch(/Last save<\/span><strong class="">none/);
  });
});

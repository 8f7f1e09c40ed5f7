import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CacheMeter } from '../../src/cache/cache-figures.js';
import { type LiveFigures, openMetrics } from '../../src/record/open-metrics.js';
import { built, HOSTILE_NAMES, incident, record, skipped } from './record-support.js';

interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

interface Family {
  readonly name: string;
  readonly type: string;
  readonly unit: string | null;
  readonly samples: readonly Sample[];
}

const SUFFIXES: Readonly<Record<string, readonly string[]>> = {
  info: ['_info'],
  counter: ['_total'],
  gauge: [''],
  histogram: ['_bucket', '_count', '_sum'],
};

/** Reads OpenMetrics 1.0 text as strictly as its specification wants it; throws at the first fault. */
function parse(text: string): ReadonlyMap<string, Family> {
  if (!text.endsWith('\n# EOF\n')) throw new Error('no EOF');
  const families = new Map<string, Family & { samples: Sample[]; unit: string | null }>();
  let current: (Family & { samples: Sample[]; unit: string | null }) | null = null;
  for (const line of text.slice(0, -'\n# EOF\n'.length).split('\n')) {
    const meta = /^# (TYPE|UNIT|HELP) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)$/.exec(line);
    if (meta) {
      const [, kind = '', name = '', rest = ''] = meta;
      if (kind === 'TYPE') {
        if (families.has(name)) throw new Error(`${name} twice`);
        if (!(rest in SUFFIXES)) throw new Error(`type ${rest}`);
        current = { name, type: rest, unit: null, samples: [] };
        families.set(name, current);
      } else {
        if (current?.name !== name || current.samples.length > 0) throw new Error(`${line}: not at its family`);
        if (kind === 'UNIT') {
          if (!name.endsWith(`_${rest}`)) throw new Error(`${name} does not end in ${rest}`);
          current.unit = rest;
        }
      }
      continue;
    }
    current?.samples.push(parseSample(line, current));
    if (!current) throw new Error(`${line}: no family`);
  }
  for (const family of families.values()) check(family);
  return families;
}

function parseSample(line: string, family: Family): Sample {
  const match = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (-?\d+(?:\.\d+)?(?:e[+-]?\d+)?|[+-]Inf|NaN)$/s.exec(line);
  if (!match) throw new Error(`no sample: ${JSON.stringify(line)}`);
  const [, name = '', inner = '', value = ''] = match;
  const suffix = name.slice(family.name.length);
  if (!name.startsWith(family.name) || !SUFFIXES[family.type]?.includes(suffix))
    throw new Error(`${name} in ${family.name}`);
  const labels: Record<string, string> = {};
  let rest = inner;
  while (rest !== '') {
    const label = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\"n])*)"(?:,(?=.)|$)/s.exec(rest);
    if (!label) throw new Error(`label: ${rest}`);
    const [whole, key = '', content = ''] = label;
    if (key in labels) throw new Error(`${key} twice`);
    labels[key] = content.replace(/\\([\\"n])/g, (_all, character: string) => (character === 'n' ? '\n' : character));
    rest = rest.slice(whole.length);
  }
  return { name, labels, value: Number(value) };
}

function check({ name, type, samples }: Family): void {
  const seen = new Set<string>();
  for (const { name: sample, labels, value } of samples) {
    const key = JSON.stringify([sample, Object.entries(labels).sort()]);
    if (seen.has(key)) throw new Error(`${key} twice`);
    seen.add(key);
    if ((type === 'counter' || type === 'histogram') && !(value >= 0)) throw new Error(`${key} is ${value}`);
    if (type === 'info' && value !== 1) throw new Error(`${key} is ${value}`);
  }
  if (type !== 'histogram') return;
  for (const kind of new Set(samples.map(({ labels }) => labels.kind))) {
    const own = samples.filter(({ labels }) => labels.kind === kind);
    const buckets = own.filter((sample) => sample.name === `${name}_bucket`);
    const bounds = buckets.map(({ labels }) => labels.le ?? '');
    if (bounds.at(-1) !== '+Inf') throw new Error('no +Inf');
    if (!bounds.slice(0, -1).every((bound) => /^\d+\.\d+$/.test(bound))) throw new Error(`bounds ${bounds}`);
    const counts = buckets.map(({ value }) => value);
    const isSorted = (values: readonly number[]) => values.every((value, index) => value >= (values[index - 1] ?? 0));
    if (!isSorted(counts) || !isSorted(bounds.slice(0, -1).map(Number))) throw new Error('not cumulative');
    if (own.find((sample) => sample.name === `${name}_count`)?.value !== counts.at(-1)) throw new Error('count');
    if (!own.some((sample) => sample.name === `${name}_sum`)) throw new Error('sum');
  }
}

const LIVE: LiveFigures = {
  versions: { leptosFast: '0.1.0', cargoLeptos: '0.3.11', rustc: '1.95.0' },
  project: 'app',
  startedAt: 1_700_000_000_500,
  rss: 90_000_000,
  cache: new CacheMeter().figures,
};

describe('the figures for Prometheus', () => {
  it('are valid when nothing has happened yet', () => {
    const families = parse(openMetrics({ builds: [], incidents: [] }, LIVE));
    expect(families.get('leptos_fast')?.samples[0]?.labels).toEqual({
      version: '0.1.0',
      cargo_leptos: '0.3.11',
      rustc: '1.95.0',
      project: 'app',
    });
    expect(families.get('leptos_fast_start_time_seconds')).toMatchObject({
      unit: 'seconds',
      samples: [{ value: 1_700_000_000.5 }],
    });
  });

  it('tell what the caches were good for', () => {
    const meter = new CacheMeter();
    meter.miss('metadata');
    meter.hit('wasm-bindgen', { bytes: 2_000_000, costMs: 500, lookedMs: 20 });
    const families = parse(openMetrics({ builds: [], incidents: [] }, { ...LIVE, cache: meter.figures }));
    const requests = families.get('leptos_fast_cache_requests')?.samples;
    expect(requests).toContainEqual(
      expect.objectContaining({ labels: { kind: 'metadata', outcome: 'misses' }, value: 1 }),
    );
    expect(requests).toContainEqual(
      expect.objectContaining({ labels: { kind: 'wasm-bindgen', outcome: 'hits' }, value: 1 }),
    );
    expect(families.get('leptos_fast_cache_saved_seconds')?.samples).toContainEqual(
      expect.objectContaining({ labels: { kind: 'wasm-bindgen' }, value: 0.48 }),
    );
  });

  it('count batches, sides and incidents, and sort times into buckets', () => {
    const builds = [
      record({ contentMs: 100 }),
      record({ contentMs: 2_500 }),
      record({ contentMs: 500_000 }),
      record({ sides: { front: skipped(), server: built() }, contentMs: 1_000 }),
      record({ result: 'superseded' }),
    ];
    const families = parse(
      openMetrics({ builds, incidents: [incident(), incident({ kind: 'restart' }), incident()] }, LIVE),
    );
    const value = (family: string, name: string, labels: Readonly<Record<string, string>>): number | undefined =>
      families
        .get(family)
        ?.samples.find((sample) => sample.name === name && JSON.stringify(sample.labels) === JSON.stringify(labels))
        ?.value;
    const batches = (kind: string, result: string) =>
      value('leptos_fast_batches', 'leptos_fast_batches_total', { kind, result });
    expect(batches('both sides', 'arrived')).toBe(3);
    expect(batches('both sides', 'superseded')).toBe(1);
    expect(batches('server only', 'arrived')).toBe(1);
    expect(value('leptos_fast_sides', 'leptos_fast_sides_total', { side: 'front', result: 'skipped' })).toBe(1);
    expect(value('leptos_fast_incidents', 'leptos_fast_incidents_total', { kind: 'server exited' })).toBe(2);
    const name = 'leptos_fast_save_to_page_seconds';
    const bucket = (le: string) => value(name, `${name}_bucket`, { kind: 'both sides', le });
    expect([bucket('0.1'), bucket('2.0'), bucket('3.0'), bucket('120.0'), bucket('+Inf')]).toEqual([1, 1, 2, 2, 3]);
    expect(value(name, `${name}_sum`, { kind: 'both sides' })).toBeCloseTo(502.6);
    expect(value('leptos_fast_saved_seconds', 'leptos_fast_saved_seconds', {})).toBeCloseTo(1.5);
    expect(value('leptos_fast_last_save_to_page_seconds', 'leptos_fast_last_save_to_page_seconds', {})).toBe(1);
  });

  it('stay valid whatever the names are', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.constantFrom(...HOSTILE_NAMES, 'a\r\u2028b', 'a\\nb'), fc.string({ unit: 'binary' })),
        (name) => {
          const incidents = [incident({ kind: name })];
          const families = parse(openMetrics({ builds: [], incidents }, { ...LIVE, project: name }));
          expect(families.get('leptos_fast')?.samples[0]?.labels.project).toBe(name);
          expect(families.get('leptos_fast_incidents')?.samples).toMatchObject([{ labels: { kind: name }, value: 1 }]);
        },
      ),
    );
  });
});

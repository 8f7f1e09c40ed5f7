import type { BuildRecord, HistoryLine, Phase, SideResult } from '../../src/record/build-record.js';
import { seededRandom } from '../../src/record/random.js';

const DAY = 86_400_000;
const HOUR = 3_600_000;

export interface RecordedOptions {
  /** The newest save, in ms since the epoch. */
  readonly until: number;
  readonly days?: number;
  readonly savesADay?: number;
  readonly files?: readonly string[];
  readonly crates?: readonly string[];
}

const FILES = [
  'src/app.rs',
  'src/pages/home.rs',
  'src/pages/shop/product_list.rs',
  'src/components/navigation.rs',
  'src/api/orders.rs',
];
const CRATES = ['shop', 'shop-model', 'shop-forms'];
const VERSIONS = { leptosFast: '0.1.0', cargoLeptos: '0.3.11', rustc: '1.95.0' };

/** Some weeks of work on an app, the same each time: every kind of edit, and one day from which on builds were slower. */
export function recordedHistory({
  until,
  days = 24,
  savesADay = 30,
  files = FILES,
  crates = CRATES,
}: RecordedOptions): readonly HistoryLine[] {
  const random = seededRandom(7);
  const pick = (names: readonly string[]): string => names[Math.floor(random() * names.length)] ?? '';
  const lines: HistoryLine[] = [];
  for (let day = days - 1; day >= 0; day--) {
    const session = `session-${day}`;
    for (let id = 0; id < savesADay; id++) {
      const at = Math.round(until - day * DAY - (savesADay - 1 - id) * ((9 * HOUR) / savesADay));
      const isSlow = day < days / 3;
      const take = (ms: number): number => Math.round(ms * (isSlow ? 1.35 : 1) * (0.85 + random() * 0.3));
      lines.push(oneSave(id, at, { session, file: pick(files), crates, take, luck: random(), isSlow }));
    }
    lines.push({
      v: 1,
      type: 'incident',
      at: until - day * DAY - HOUR,
      session,
      batch: 3,
      ...(day % 3 === 0
        ? { kind: 'retry', why: 'rustc was killed by signal 9' }
        : { kind: 'server exited', why: 'exit code 101 (panic, src/db.rs:12)' }),
    });
  }
  return lines;
}

interface Save {
  readonly session: string;
  readonly file: string;
  readonly crates: readonly string[];
  readonly take: (ms: number) => number;
  /** From 0 to 1: what kind of save it is. */
  readonly luck: number;
  readonly isSlow: boolean;
}

function oneSave(id: number, at: number, { session, file, crates, take, luck, isSlow }: Save): BuildRecord {
  const base = {
    v: 1,
    type: 'build',
    at,
    session,
    id,
    project: 'shop',
    files: { count: 1, first: [file] },
    why: 'Rust source',
    result: 'arrived',
    reload: 'full',
    usage: { cpuMs: take(9_400), peakMemory: 1_400_000_000 + Math.round(luck * 300_000_000) },
    wasm: {
      served: isSlow ? 58_400_000 : 41_700_000,
      debugInfo: isSlow ? 14_000_000 : 0,
      built: isSlow ? 61_000_000 : 46_000_000,
    },
    peakRss: 92_000_000 + Math.round(luck * 9_000_000) + id * 150_000,
    git: { commit: isSlow ? '9f3c2ab81d04' : '51de07c3a9be', branch: 'main' },
    versions: VERSIONS,
    mode: isSlow ? 'debuggable profile' : 'balanced profile',
    compiled: { count: 1, first: [crates[Math.floor(luck * crates.length)] ?? 'shop'] },
  } as const;
  const [front, server] = [take(3_100), take(2_700)];
  const bindgen = take(900);
  if (id === 0) {
    const ms = take(48_000);
    const phases = way({ front: ms * 0.8, bindgen: ms * 0.1, server: ms * 0.75 });
    return {
      ...base,
      files: { count: 0, first: [] },
      why: 'first build',
      sides: { front: built(ms * 0.8), server: built(ms * 0.75) },
      phases,
      contentMs: ms,
    };
  }
  if (luck < 0.12) {
    const ms = take(180);
    return {
      ...base,
      files: { count: 1, first: ['style/main.css'] },
      why: 'stylesheet',
      sides: { style: built(60) },
      phases: [{ name: 'style', from: 20, to: 80 }],
      reload: 'style',
      contentMs: ms,
      paintedMs: ms + 25,
    };
  }
  if (luck < 0.3) {
    const reason = `only the body of ${luck < 0.2 ? 'load_orders' : 'save_item'} changed`;
    const contentMs = 300 + server + 240;
    return {
      ...base,
      sides: { front: { result: 'skipped', reason }, server: built(server) },
      phases: way({ server }),
      contentMs,
      paintedMs: contentMs + 160,
    };
  }
  if (luck < 0.36) {
    return {
      ...base,
      sides: { front: { result: 'failed', ms: front * 0.4 }, server: { result: 'failed', ms: server * 0.4 } },
      phases: way({ front: front * 0.4, server: server * 0.4 }).slice(0, 3),
      result: 'failed',
      errors: { count: 1, codes: [luck < 0.33 ? 'E0308' : 'E0425'] },
    };
  }
  const contentMs = 300 + Math.max(front + bindgen, server) + 260;
  return {
    ...base,
    sides: { front: built(front), server: built(server) },
    phases: way({ front, bindgen, server }),
    contentMs,
    paintedMs: contentMs + 210,
    ...(luck > 0.8 && { patchedMs: 140 }),
  };
}

const built = (ms: number): SideResult => ({ result: 'built', ms: Math.round(ms) });

interface Steps {
  readonly front?: number;
  readonly bindgen?: number;
  readonly server: number;
}

function way({ front, bindgen, server }: Steps): Phase[] {
  const begin = 305;
  const phases: Phase[] = [{ name: 'settle', from: 0, to: 300 }];
  if (front !== undefined) phases.push({ name: 'front', from: begin, to: begin + front });
  phases.push({ name: 'server', from: begin + 4, to: begin + server });
  if (front !== undefined && bindgen !== undefined)
    phases.push({ name: 'wasm-bindgen', from: begin + front, to: begin + front + bindgen });
  const end = Math.max(...phases.map(({ to }) => to));
  phases.push({ name: 'boot', from: end + 10, to: end + 200 });
  return phases;
}

import type { BuildRecord, Incident, SideResult } from '../../src/record/build-record.js';
import type { History } from '../../src/record/history-store.js';

export const built = (ms = 1_000): SideResult => ({ result: 'built', ms });
export const skipped = (reason = 'only a body changed'): SideResult => ({ result: 'skipped', reason });

/** An edit of one Rust file that both sides were built for. */
export function record(more: Partial<BuildRecord> = {}): BuildRecord {
  return {
    v: 1,
    type: 'build',
    at: 1_700_000_000_000,
    session: 's',
    id: 1,
    project: 'app',
    files: { count: 1, first: ['src/app.rs'] },
    why: 'Rust source',
    sides: { front: built(), server: built() },
    phases: [
      { name: 'settle', from: 0, to: 300 },
      { name: 'front', from: 310, to: 1_310 },
      { name: 'server', from: 315, to: 1_315 },
    ],
    result: 'arrived',
    reload: 'full',
    contentMs: 2_000,
    peakRss: 90_000_000,
    versions: { leptosFast: '0.1.0', cargoLeptos: '0.3.11', rustc: '1.95.0' },
    mode: 'balanced profile',
    ...more,
  };
}

export function incident(more: Partial<Incident> = {}): Incident {
  return {
    v: 1,
    type: 'incident',
    at: 1_700_000_000_000,
    session: 's',
    batch: null,
    kind: 'server exited',
    why: 'exit code 101',
    ...more,
  };
}

export function history(builds: readonly BuildRecord[], more: Partial<History> = {}): History {
  return { builds, incidents: [], unreadable: 0, otherVersions: 0, ...more };
}

/** Names that would do harm where nobody escapes them. */
export const HOSTILE_NAMES = [
  '</title><script>window.hacked=1</script>.rs',
  '"><img src=x onerror="window.hacked=1">.rs',
  "' onmouseover='window.hacked=1.rs",
  '\u001b]0;title\u0007\u001b[2Jclear.rs',
  'two\nlines.rs',
  'evil\u202egnp.rs',
  '{{7*7}}&lt;b&gt;.rs',
  `${'long-'.repeat(60)}name.rs`,
];

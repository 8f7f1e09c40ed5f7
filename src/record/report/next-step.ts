import type { History } from '../history-store.js';
import { momentText, plural } from './words.js';

/** Why a period has no records. */
export type Missing =
  | { readonly kind: 'nothing-recorded' }
  /** The newest record (ms since the epoch) is older; so many days would show it. */
  | { readonly kind: 'older'; readonly newest: number; readonly days: number }
  /** All records are of another version of leptos-fast. */
  | { readonly kind: 'other-version'; readonly count: number }
  | { readonly kind: 'unreadable'; readonly count: number };

/** Why nothing is recorded since `from` (ms since the epoch), `days` ago; null when something is. */
export function missing(history: History, from: number, days: number): Missing | null {
  const newest = history.builds.at(-1);
  if (newest && newest.at >= from) return null;
  if (newest) return { kind: 'older', newest: newest.at, days: Math.ceil(days + (from - newest.at) / 86_400_000) };
  if (history.otherVersions > 0) return { kind: 'other-version', count: history.otherVersions };
  if (history.unreadable > 0) return { kind: 'unreadable', count: history.unreadable };
  return { kind: 'nothing-recorded' };
}

/** Why there is nothing to report, and what to do; null when there is something. */
export function nextStep(history: History, from: number, days: number, folder: string): string | null {
  const why = missing(history, from, days);
  switch (why?.kind) {
    case undefined:
      return null;
    case 'older':
      return [
        `Nothing was saved in the last ${plural(days, 'day')}; the newest record is of ${momentText(why.newest)}.`,
        `See it: leptos-fast report --days ${why.days}`,
      ].join('\n');
    case 'other-version':
      return [
        `All ${plural(why.count, 'record')} were written by another version of leptos-fast, which can read them.`,
        'With this one: run leptos-fast dev, save a file, and ask again.',
      ].join('\n');
    case 'unreadable':
      return [
        `The history has ${plural(why.count, 'line')}, and none of them can be read.`,
        `Remove ${folder}, run leptos-fast dev, save a file, and ask again.`,
      ].join('\n');
    case 'nothing-recorded':
      return 'Nothing is recorded yet. Run leptos-fast dev in this project, save a file, and ask again.\n(cargo clean deletes the history with everything else in the target directory.)';
  }
}

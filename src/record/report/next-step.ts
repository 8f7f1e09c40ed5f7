import type { History } from '../history-store.js';
import { momentText, plural } from './words.js';

/** Why there is nothing to report, and what to do; null when there is something. */
export function nextStep(history: History, from: number, days: number, folder: string): string | null {
  const newest = history.builds.at(-1);
  if (newest && newest.at >= from) return null;
  if (newest) {
    const needed = Math.ceil(days + (from - newest.at) / 86_400_000);
    return [
      `Nothing was saved in the last ${plural(days, 'day')}; the newest record is of ${momentText(newest.at)}.`,
      `See it: leptos-fast report --days ${needed}`,
    ].join('\n');
  }
  if (history.otherVersions > 0) {
    return [
      `All ${plural(history.otherVersions, 'record')} were written by another version of leptos-fast, which can read them.`,
      'With this one: run leptos-fast dev, save a file, and ask again.',
    ].join('\n');
  }
  if (history.unreadable > 0) {
    return [
      `The history has ${plural(history.unreadable, 'line')}, and none of them can be read.`,
      `Remove ${folder}, run leptos-fast dev, save a file, and ask again.`,
    ].join('\n');
  }
  return 'Nothing is recorded yet. Run leptos-fast dev in this project, save a file, and ask again.\n(cargo clean deletes the history with everything else in the target directory.)';
}

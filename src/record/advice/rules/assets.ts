import { formatBytes } from '../../../ui/bytes.js';
import { formatMs } from '../../../ui/duration.js';
import { plural } from '../../report/words.js';
import { median } from '../../statistics.js';
import { ofKind } from '../measures.js';
import { type Finding, MIN_EDITS, type Rule, type View } from '../rule.js';

/** Shorter (ms) is quick enough. */
const MIN_MS = 500;

/** cargo-leptos copies all assets for each edit of one. */
export const assetsRule: Rule = { find, turns: () => [] };

function find({ recent, facts }: View): readonly Finding[] {
  const own = ofKind(recent, 'assets');
  const copies = own.flatMap(({ phases }) =>
    phases.filter(({ name }) => name === 'assets').map(({ from, to }) => to - from),
  );
  const took = median(copies);
  if (copies.length < MIN_EDITS || took === null || took < MIN_MS) return [];
  return [
    {
      id: 'assets',
      title: 'Take large files that seldom change out of the asset folder',
      evidence: [
        `copying the assets took ${formatMs(took)} for each of the last ${plural(copies.length, 'edit')} of one`,
        `${plural(facts.assets.files, 'file')} with ${formatBytes(facts.assets.bytes)} lie there now, and each copy takes all of them`,
      ],
      gain: null,
      cost: 'they need another way to the page: another server, or a route of your own',
      command: null,
      measuredBy: 'assets',
    },
  ];
}

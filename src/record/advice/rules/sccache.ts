import { formatMs } from '../../../ui/duration.js';
import type { BuildRecord } from '../../build-record.js';
import { kindOf } from '../../edit-kind.js';
import { plural } from '../../report/words.js';
import { median } from '../../statistics.js';
import type { Finding, Rule, View } from '../rule.js';

/** A build that compiles so many crates builds the dependencies. */
const MANY_CRATES = 30;
/** The first time has to be; so many more are what a cache would have spared. */
const MIN_BUILDS = 3;
const WITHIN_MS = 30 * 86_400_000;

/** The dependencies are compiled again and again. */
export const sccacheRule: Rule = {
  find,
  // Whether a wrapper was at work stands in no record.
  turns: () => [],
};

function find({ history, facts, edits }: View): readonly Finding[] {
  const now = edits.at(-1)?.at ?? 0;
  const heavy = history.builds.filter(
    (build) => build.at > now - WITHIN_MS && (build.compiled?.count ?? 0) >= MANY_CRATES,
  );
  const took = median(heavy.map(cargoMs));
  if (heavy.length < MIN_BUILDS || took === null || facts.rustcWrapper !== null) return [];
  const isThere = facts.installed.has('sccache');
  const newest = heavy.at(-1);
  return [
    {
      id: 'sccache',
      title: isThere
        ? 'Let sccache keep the compiled dependencies'
        : 'Install sccache, to keep the compiled dependencies',
      evidence: [
        `${plural(heavy.length, 'build')} in 30 days compiled ${MANY_CRATES} crates or more, ${formatMs(took)} in the middle`,
        ...(newest?.compiled ? [`the newest compiled ${newest.compiled.count}: ${newest.why}`] : []),
      ],
      gain: null,
      cost: 'disk space for the cache; it keeps no crates that are built incrementally, so edits stay as they are',
      command: isThere ? 'leptos-fast dev --sccache' : null,
      measuredBy: newest ? kindOf(newest) : 'first build',
    },
  ];
}

function cargoMs({ sides }: BuildRecord): number {
  return Math.max(...[sides.front, sides.server].map((side) => (side?.result === 'built' ? side.ms : 0)));
}

import { formatMs } from '../../../ui/duration.js';
import { plural } from '../../report/words.js';
import { mainKind, ofKind } from '../measures.js';
import { type Finding, MIN_EDITS, type Rule, type View } from '../rule.js';

/** Shorter waits (ms) are nothing that a person notices. */
const MIN_WAIT_MS = 200;
/** Fewer waits are chance. */
const MIN_WAITS = 3;

/** Builds wait for another cargo in the same target directory, which is rust-analyzer's as a rule. */
export const rustAnalyzerRule: Rule = {
  find,
  // When waits end the records cannot tell from an editor that was closed.
  turns: () => [],
};

function find({ recent }: View): readonly Finding[] {
  const kind = mainKind(recent);
  if (kind === null) return [];
  const own = ofKind(recent, kind);
  const waits = own.flatMap(({ waitedMs = 0 }) => (waitedMs >= MIN_WAIT_MS ? [waitedMs] : []));
  if (own.length < MIN_EDITS || waits.length < MIN_WAITS) return [];
  const total = waits.reduce((sum, ms) => sum + ms, 0);
  return [
    {
      id: 'rust-analyzer',
      title: 'Give rust-analyzer a target directory of its own: "rust-analyzer.cargo.targetDir": true',
      evidence: [
        `${plural(waits.length, 'edit')} of the last ${own.length} of ${kind} waited for another cargo, ${formatMs(total)} in all`,
        'cargo said: Blocking waiting for file lock on build directory',
      ],
      gain: { ms: Math.round(total / own.length), of: kind },
      cost: 'disk space for a second set of checked dependencies',
      command: null,
      measuredBy: kind,
    },
  ];
}

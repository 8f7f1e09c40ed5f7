import { formatBytes } from '../../../ui/bytes.js';
import { plural, shareText } from '../../report/words.js';
import { mainKind } from '../measures.js';
import type { Finding, Rule, View } from '../rule.js';

/** Above this share of the machine's memory the rest of the system is pushed out of it. */
const SHARE = 0.7;
const MIN_BUILDS = 3;
const WITHIN_MS = 14 * 86_400_000;
/** What a recovery says of a compiler or linker that the system ended. */
const KILLED = /kill|memory|signal 9/i;

/** Builds need about as much memory as there is. */
export const memoryRule: Rule = { find, turns: () => [] };

function find({ history, facts, recent, edits }: View): readonly Finding[] {
  const kind = mainKind(recent);
  const now = edits.at(-1)?.at ?? 0;
  const peaks = history.builds.filter(({ at }) => at > now - WITHIN_MS).flatMap(({ usage }) => usage?.peakMemory ?? []);
  const high = peaks.filter((bytes) => bytes > SHARE * facts.memory);
  const killed = history.incidents.filter(
    ({ at, kind, why }) => at > now - WITHIN_MS && kind === 'retry' && KILLED.test(why),
  );
  if (kind === null || facts.cores < 2 || high.length < MIN_BUILDS) return [];
  const most = Math.max(...high);
  const jobs = Math.max(1, Math.floor(facts.cores / 2));
  return [
    {
      id: 'memory',
      title: `Compile fewer crates at once: ${plural(jobs, 'job')} instead of ${facts.cores}`,
      evidence: [
        `${plural(high.length, 'build')} of ${peaks.length} in 14 days needed more than ${shareText(SHARE)} of the machine's ${formatBytes(facts.memory)}, the largest ${formatBytes(most)}`,
        ...(killed.length > 0
          ? [`${plural(killed.length, 'time')} a build was tried again after the system had ended it`]
          : []),
      ],
      gain: null,
      cost: 'builds of many crates take longer; an edit of one crate hardly',
      command: `CARGO_BUILD_JOBS=${jobs} leptos-fast dev`,
      measuredBy: kind,
    },
  ];
}

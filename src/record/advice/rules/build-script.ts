import { formatMs } from '../../../ui/duration.js';
import { plural } from '../../report/words.js';
import { median } from '../../statistics.js';
import type { Arrived } from '../../summary.js';
import { mainKind } from '../measures.js';
import { type Finding, MIN_EDITS, type Rule, turnsOf, type View } from '../rule.js';

/** Less (ms), or in fewer of the edits, is not worth a line in a manifest. */
const MIN_MS = 300;
const MIN_SHARE_OF_EDITS = 0.5;

/** A build script runs at most edits, and everything else waits for it. */
export const buildScriptRule: Rule = {
  find,
  turns: ({ edits }) => turnsOf(edits, (edit) => [...longestRuns(edit).keys()].sort().join()),
};

function find({ recent }: View): readonly Finding[] {
  const kind = mainKind(recent);
  // Edits of which no step was seen tell nothing of build scripts either.
  const told = recent.filter(({ steps }) => steps !== undefined);
  if (kind === null || told.length < MIN_EDITS) return [];
  const names = new Set(told.slice(-MIN_EDITS).flatMap((edit) => [...longestRuns(edit).keys()]));
  return [...names].flatMap((name) => {
    const withRun = told.filter((edit) => longestRuns(edit).has(name));
    const times = withRun.map((edit) => longestRuns(edit).get(name) ?? 0);
    const took = median(times);
    if (took === null || took < MIN_MS || times.length / told.length < MIN_SHARE_OF_EDITS) return [];
    return {
      id: `build-script:${name}`,
      title: `Let the build script of ${name} run only when its inputs change`,
      evidence: [
        `it ran for ${times.length} of the last ${plural(told.length, 'edit')}, ${formatMs(took)} each`,
        'cargo compiles nothing that needs the package while it runs',
      ],
      gain: { ms: took, of: kind },
      cost: 'name each of its inputs in build.rs: println!("cargo::rerun-if-changed=PATH"); without any, every file of the package is one',
      command: null,
      measuredBy: kind,
      since: withRun[0]?.at ?? 0,
    };
  });
}

/** The longest run (ms) of each package's build script: the sides run theirs at the same time. */
function longestRuns({ steps = [] }: Arrived): ReadonlyMap<string, number> {
  const runs = new Map<string, number>();
  for (const { name, kind, ms } of steps) {
    if (kind === 'build script') runs.set(name, Math.max(ms, runs.get(name) ?? 0));
  }
  return runs;
}

import { kindOf } from '../edit-kind.js';
import type { History } from '../history-store.js';
import { median, ratioEstimate } from '../statistics.js';
import type { Arrived } from '../summary.js';
import type { Advice, AdviceState } from './advice.js';
import type { AdviceFacts } from './facts.js';
import { type Finding, MIN_EDITS, type Rule, type View, viewBefore, viewOf } from './rule.js';
import { assetsRule } from './rules/assets.js';
import { buildScriptRule } from './rules/build-script.js';
import { debugInfoRule } from './rules/debug-info.js';
import { fastProfileRule } from './rules/fast-profile.js';
import { linkerRule } from './rules/linker.js';
import { memoryRule } from './rules/memory.js';
import { otherProfileRule } from './rules/other-profile.js';
import { rustAnalyzerRule } from './rules/rust-analyzer.js';
import { sccacheRule } from './rules/sccache.js';
import { splitCrateRule } from './rules/split-crate.js';
import { tuneRule } from './rules/tune.js';
import { wasmSizeRule } from './rules/wasm-size.js';

const RULES: readonly Rule[] = [
  fastProfileRule,
  debugInfoRule,
  otherProfileRule,
  buildScriptRule,
  splitCrateRule,
  rustAnalyzerRule,
  linkerRule,
  memoryRule,
  sccacheRule,
  wasmSizeRule,
  assetsRule,
  tuneRule,
];

/** So many of the newest changes of a fact are looked at: whether they followed an advice. */
const CHECKED_TURNS = 3;
/** So many edits before and after are compared. */
const COMPARED_EDITS = 100;

/**
 * What would make the loop faster, the greatest gain first; then what was followed, and what came of it. Whether an advice was followed
 * the records tell themselves: what they held before a change of profile, debug info, crates or build scripts would have called for it,
 * and what they hold now does not.
 */
export function adviceFor(history: History, facts: AdviceFacts): readonly Advice[] {
  const view = viewOf(history, facts);
  if (view.edits.length === 0) return [];
  const open = RULES.flatMap(({ find }) => find(view));
  const openIds = new Set(open.map(({ id }) => id));
  const followed = new Map<string, Advice>();
  for (const rule of RULES) {
    for (const at of rule.turns(view).slice(-CHECKED_TURNS)) {
      const before = viewBefore(view, at);
      const first = view.edits.find((edit) => edit.at >= at);
      for (const finding of rule.find(before)) {
        if (openIds.has(finding.id) || !first || finding.isFollowedBy?.(first) === false) continue;
        followed.set(finding.id, withState(finding, check(finding, at, before, view)));
      }
    }
  }
  const byGain = (one: Finding, other: Finding): number => (other.gain?.ms ?? 0) - (one.gain?.ms ?? 0);
  const byTime = (one: Advice, other: Advice): number => atOf(other) - atOf(one);
  return [
    ...open.sort(byGain).map((finding) => withState(finding, { kind: 'open' })),
    ...[...followed.values()].sort(byTime),
  ];
}

function check({ measuredBy, since = 0 }: Finding, at: number, before: View, view: View): AdviceState {
  const times = (edits: readonly Arrived[]): readonly number[] =>
    edits.filter((edit) => kindOf(edit) === measuredBy).map(({ contentMs }) => contentMs);
  const old = times(before.recent.filter((edit) => edit.at >= since));
  const now = times(view.edits.filter((edit) => edit.at >= at)).slice(0, COMPARED_EDITS);
  const [beforeMs, afterMs, ratio] = [median(old), median(now), ratioEstimate(now, old)];
  if (now.length < MIN_EDITS || beforeMs === null || afterMs === null || !ratio) return { kind: 'followed', at };
  return { kind: 'checked', at, beforeMs, afterMs, ratio };
}

function withState({ measuredBy: _, since: __, isFollowedBy: ___, ...advice }: Finding, state: AdviceState): Advice {
  return { ...advice, state };
}

const atOf = ({ state }: Advice): number => (state.kind === 'open' ? 0 : state.at);

import { formatMs } from '../../../ui/duration.js';
import type { SideStep } from '../../build-record.js';
import { changePoints } from '../../change-point.js';
import { kindOf } from '../../edit-kind.js';
import { dayText, plural, shareText } from '../../report/words.js';
import { median } from '../../statistics.js';
import type { Arrived } from '../../summary.js';
import { fasterBy, mainKind } from '../measures.js';
import { type Finding, MIN_EDITS, type Rule, turnsOf, type View } from '../rule.js';

/** A crate that takes less (ms), or is in fewer of the edits, is not what makes them slow. */
const MIN_MS = 2_000;
const MIN_SHARE_OF_EDITS = 0.5;
/** What it takes of the time from the save to the page. */
const MIN_SHARE_OF_TIME = 0.3;

/** One crate is what most edits wait for. */
export const splitCrateRule: Rule = { find, turns: splits };

function find(view: View): readonly Finding[] {
  const kind = mainKind(view.recent);
  const timed = view.recent.flatMap((edit) => {
    const step = slowestCompile(edit);
    return step === null ? [] : [{ edit, step }];
  });
  if (kind === null || timed.length < MIN_EDITS) return [];
  const names = new Set(timed.slice(-MIN_EDITS).map(({ step }) => step.name));
  return [...names].flatMap((name) => {
    const own = timed.filter(({ step }) => step.name === name);
    const took = median(own.map(({ step }) => step.ms));
    const share = median(own.map(({ edit, step }) => step.ms / edit.contentMs));
    const ofEdits = own.length / timed.length;
    if (took === null || share === null || own.length < MIN_EDITS) return [];
    if (took < MIN_MS || ofEdits < MIN_SHARE_OF_EDITS || share < MIN_SHARE_OF_TIME) return [];
    const others = view.edits.filter((edit) => slowestCompile(edit) !== null && !compiles(edit, name));
    const gain = fasterBy(
      own.map(({ edit }) => edit),
      others,
      kind,
    );
    return {
      id: `split-crate:${name}`,
      title: `Split the crate ${name}: move what you seldom edit into crates of its own`,
      evidence: [
        `${plural(own.length, 'edit')} of the last ${timed.length} wait for ${name}: ${formatMs(took)} in the middle, ${shareText(share)} of the time`,
        ...growth(view.edits, name),
        ...(gain === null ? [] : [`edits of ${kind} in other crates are ${formatMs(gain)} faster`]),
      ],
      gain: gain === null ? null : { ms: gain, of: kind },
      cost: 'work on your code: only items without a way back into the crate can move',
      command: 'leptos-fast graph',
      measuredBy: kind,
    };
  });
}

/** Did it become slower for good, and since when? */
function growth(edits: readonly Arrived[], name: string): readonly string[] {
  const own = edits.flatMap((edit) => {
    const step = slowestCompile(edit);
    return step?.name === name ? [{ edit, ms: step.ms }] : [];
  });
  const newest = changePoints(own.slice(-GROWTH_EDITS).map(({ ms }) => ms)).at(-1);
  const first = newest && own.slice(-GROWTH_EDITS)[newest.index];
  if (!newest || !first || newest.after <= newest.before) return [];
  const commit = first.edit.git === undefined ? '' : `, commit ${first.edit.git.commit}`;
  return [
    `it took ${formatMs(newest.before)} until ${dayText(first.edit.at)}${commit}, and ${formatMs(newest.after)} since`,
  ];
}

/** So many of the newest edits are looked through for a change of level. */
const GROWTH_EDITS = 500;

/** An edit waits for a crate that earlier builds did not have. */
function splits({ history, edits }: View): readonly number[] {
  const known = new Set(history.builds.filter(({ id }) => id === 0).flatMap(({ compiled }) => compiled?.first ?? []));
  let firstSeen = true;
  const isNew = (edit: Arrived): boolean => {
    const names = (edit.steps ?? []).filter(({ kind }) => kind === 'compile').map(({ name }) => name);
    const added = !firstSeen && names.some((name) => !known.has(name));
    for (const name of names) known.add(name);
    firstSeen &&= names.length === 0;
    return added;
  };
  let generation = 0;
  return turnsOf(
    edits.filter((edit) => kindOf(edit) !== 'configuration'),
    (edit) => {
      if (isNew(edit)) generation += 1;
      return String(generation);
    },
  );
}

const compiles = ({ steps = [] }: Arrived, name: string): boolean =>
  steps.some((step) => step.kind === 'compile' && step.name === name);

function slowestCompile({ steps = [] }: Arrived): SideStep | null {
  return steps.find(({ kind }) => kind === 'compile') ?? null;
}

import { formatMs } from '../../../ui/duration.js';
import { plural, shareText } from '../../report/words.js';
import { median } from '../../statistics.js';
import type { Arrived } from '../../summary.js';
import { mainKind } from '../measures.js';
import { type Finding, MIN_EDITS, type Rule, turnsOf, type View } from '../rule.js';

/** GNU's linkers; the others are made to be fast. */
const SLOW = new Set(['ld', 'ld.bfd', 'ld.gold']);
/** Less time (ms), or a smaller share of the edit, is not worth a change. */
const MIN_MS = 500;
const MIN_SHARE = 0.1;
/** Those that are tried, by the command that is looked for. */
const FASTER = [
  ['mold', 'mold'],
  ['wild', 'wild'],
  ['ld.lld', 'lld'],
] as const;

/** Linking the server takes long, with a linker that is known to be slow. */
export const linkerRule: Rule = {
  find,
  turns: ({ edits }) => turnsOf(edits, linkerOf),
};

function find({ recent, facts }: View): readonly Finding[] {
  const kind = mainKind(recent);
  const linked = recent.filter((edit) => linkerOf(edit) !== null);
  const tool = linked.map(linkerOf).at(-1) ?? null;
  const present = linked.slice(linked.findLastIndex((edit) => linkerOf(edit) !== tool) + 1);
  const links = present.flatMap((edit) => {
    const ms = serverLink(edit)?.ms;
    return ms === undefined ? [] : [{ ms, share: ms / edit.contentMs }];
  });
  const took = median(links.map(({ ms }) => ms));
  const share = median(links.map((link) => link.share));
  if (kind === null || took === null || share === null || tool === null) return [];
  if (!SLOW.has(tool) || links.length < MIN_EDITS || took < MIN_MS || share < MIN_SHARE) return [];
  const there = FASTER.flatMap(([command, name]) => (facts.installed.has(command) ? [name] : []));
  return [
    {
      id: 'linker',
      title:
        there.length > 0
          ? `Try another linker for the server: ${there.join(', ')}`
          : 'Install another linker for the server, such as lld or mold, and try it',
      evidence: [
        `${tool} takes ${formatMs(took)} of an edit, ${shareText(share)} of the time (the last ${plural(links.length, 'link')})`,
      ],
      gain: null,
      cost:
        there.length > 0
          ? 'a line in .cargo/config.toml; dependencies are linked anew once'
          : 'a package of your system, and a line in .cargo/config.toml',
      command: there.length > 0 ? 'leptos-fast tune' : null,
      measuredBy: kind,
    },
  ];
}

/** Which linker the server was linked with; one that is too quick to be seen has no name. Null where the server was not built. */
function linkerOf(edit: Arrived): string | null {
  const isBuilt = edit.steps?.some(({ side, kind }) => side === 'server' && kind === 'compile') ?? false;
  return serverLink(edit)?.tool ?? (isBuilt ? 'quick' : null);
}

function serverLink({ steps = [] }: Arrived) {
  return steps.find(({ kind, side }) => kind === 'link' && side === 'server') ?? null;
}

import { readdir, readFile, realpath } from 'node:fs/promises';
import { extname, join, relative } from 'node:path';
import { isInside } from '../../core/paths.js';
import type { TemplateNode } from '../../patch/view-model.js';
import { readViewSource } from '../../patch/view-source.js';
import type { LeptosProject } from '../../project/model.js';
import { type Edit, type LeftOut, replaceOnce, type Step } from '../edits.js';
import type { SeenApp } from '../project.js';
import { brokenStep, commentStep, mendedStep, noChangeStep } from '../sample/sample-edits.js';
import type { ScenarioName } from '../scenarios.js';

/** An asset that the copy has and the original has not. */
export const BENCH_ASSET = 'leptos-fast-bench.txt';

/** Shorter texts are found in too many places. */
const MIN_TEXT = 5;
const BURST = 10;

export interface AppPlaces {
  /** The workspace's folder, of the copy that all others are made from. */
  readonly root: string;
  readonly project: LeptosProject;
}

/**
 * The edits that can be made in a copy of somebody's app without knowing what it does: a text that stands once in a `view!`
 * and on the first page, a rule at the end of the stylesheet, an asset of our own, comments and saves without a change.
 */
export async function appEdits(
  { root, project }: AppPlaces,
  dir: string,
  seen: SeenApp | null,
): Promise<{ readonly edits: readonly Edit[]; readonly leftOut: readonly LeftOut[] }> {
  const edits: Edit[] = [];
  const leftOut: LeftOut[] = [];
  const leave = (why: string, ...scenarios: readonly ScenarioName[]): void => {
    for (const scenario of scenarios) leftOut.push({ scenario, why });
  };
  leave('nobody knows which code of it can be seen on the first page', 'leaf', 'shared', 'server-fn', 'manifest');

  const sources = await rustSources(project, root, dir);
  const text = seen && (await findText(sources, dir, seen));
  if (text) {
    const step = textStep(text);
    edits.push(
      { scenario: 'text', file: text.file, saves: 1, steps: [step] },
      { scenario: 'burst', file: text.file, saves: BURST, steps: [step] },
      { scenario: 'syntax-error', file: text.file, saves: 1, steps: [brokenStep(text.file), mendedStep(step)] },
    );
  } else {
    leave('no text stands once in a view! and on the first page', 'text', 'burst', 'syntax-error');
  }
  const file = text?.file ?? sources[0];
  if (file === undefined) leave('it has no Rust file of its own', 'comment', 'no-op');
  else {
    edits.push({ scenario: 'comment', file, saves: 1, steps: [commentStep] });
    edits.push({ scenario: 'no-op', file, saves: 1, steps: [noChangeStep] });
  }

  const style = project.config.styleFile && relative(root, project.config.styleFile);
  if (style && ['.css', '.scss'].includes(extname(style)) && (await isOwnFile(dir, style))) {
    edits.push({ scenario: 'css', file: style, saves: 1, steps: [styleStep] });
  } else leave('it has no style-file of CSS or SCSS', 'css');
  const assets = project.config.assetsDir && relative(root, project.config.assetsDir);
  if (assets !== undefined && (await isOwnFile(dir, join(assets, BENCH_ASSET)))) {
    edits.push({ scenario: 'asset', file: join(assets, BENCH_ASSET), saves: 1, steps: [assetStep] });
  } else leave('it has no assets-dir', 'asset');
  return { edits, leftOut };
}

interface FoundText {
  readonly file: string;
  readonly text: string;
  readonly isInWasm: boolean;
}

/** The first text that can be changed so that the first page shows it. */
async function findText(files: readonly string[], dir: string, { page, wasm }: SeenApp): Promise<FoundText | null> {
  for (const file of files) {
    const source = await readFile(join(dir, file), 'utf8');
    const read = readViewSource(source);
    if (!read) continue;
    for (const text of read.views.flatMap(({ nodes }) => textsOf(nodes))) {
      // What HTML or Rust write in another way than it reads is not looked for.
      if (text.length < MIN_TEXT || /[^\p{L}\p{N} .,:!?-]/u.test(text)) continue;
      if (read.literals.get(text) !== 1 || source.split(`"${text}"`).length !== 2) continue;
      if (page.split(text).length === 2) return { file, text, isInWasm: wasm?.includes(text) ?? false };
    }
  }
  return null;
}

function textsOf(nodes: readonly TemplateNode[]): readonly string[] {
  return nodes.flatMap((node): readonly string[] => {
    if (node.kind === 'text') return [node.value];
    return textsOf(node.kind === 'element' ? node.children : (node.inner ?? []));
  });
}

function textStep({ text, isInWasm }: FoundText): Step {
  const edited = (n: number): string => `${text} edit ${n}.`;
  return {
    metric: 'content',
    change: (source, n) => {
      return replaceOnce(source, new RegExp(`"${escapeRegExp(text)}(?: edit \\d+\\.)?"`), `"${edited(n)}"`);
    },
    sign: (n) => ({ kind: 'content', path: '', text: edited(n) }),
    wasmText: (n) => (isInWasm ? edited(n) : null),
  };
}

const styleStep: Step = {
  metric: 'content',
  change: (text, n) => {
    const kept = text.replace(/\n:root \{ --leptos-fast-bench: [^\n]*\n/, '');
    return `${kept}\n:root { --leptos-fast-bench: "style edit ${n}."; }\n`;
  },
  sign: (n) => ({ kind: 'style', text: `style edit ${n}.` }),
  wasmText: () => null,
};

const assetStep: Step = {
  metric: 'content',
  change: (_text, n) => `asset edit ${n}.\n`,
  sign: (n) => ({ kind: 'content', path: BENCH_ASSET, text: `asset edit ${n}.` }),
  wasmText: () => null,
};

/** Rust files that both sides are built from, in a copy: relative, those of the library first. */
async function rustSources(project: LeptosProject, root: string, dir: string): Promise<readonly string[]> {
  const files: string[] = [];
  for (const { dir: folder } of project.frontPackages) {
    if (!isInside(folder, root)) continue;
    const source = join(relative(root, folder), 'src');
    const names = await readdir(join(dir, source), { recursive: true }).catch(() => []);
    for (const name of names.filter((found) => found.endsWith('.rs')).sort()) {
      const file = join(source, name);
      if (!files.includes(file) && (await isOwnFile(dir, file))) files.push(file);
    }
  }
  return files;
}

/** Whether a file of the copy is really there: not at the end of a link that leads to the original. */
async function isOwnFile(dir: string, file: string): Promise<boolean> {
  const [folder, path] = await Promise.all([realpath(dir), realpath(join(dir, file)).catch(() => null)]);
  return path !== null && isInside(path, folder);
}

function escapeRegExp(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

import { make } from '../../client/elements.js';
import { duplicateText } from '../../graph/duplicate-text.js';
import type { Bundle, GraphFacts, SizedCrate } from '../../graph/graph-facts.js';
import { plural, printable } from '../../record/report/words.js';
import { formatBytes } from '../../ui/bytes.js';
import { formatMs } from '../../ui/duration.js';
import { GRAPH_PATH } from '../data.js';
import { costBar, table } from './elements.js';
import { layersOf } from './layers.js';

/** So many lines of a list. */
const LISTED = 12;

/**
 * What the app is made of: its crates as a graph, and its wasm. It takes cargo and a second of the machine to find out, so it is asked
 * for when somebody opens it, and again when they say so.
 */
export class GraphSection {
  readonly element: HTMLDetailsElement;
  readonly #inside = make('div', { class: 'graph', 'aria-live': 'polite' });
  #isAsking = false;

  constructor() {
    const summary = make('summary', {}, make('h2', {}, 'What the app is made of'));
    this.element = make('details', { class: 'made-of' }, summary, this.#inside);
    this.element.addEventListener('toggle', () => {
      if (this.element.open) void this.#ask();
    });
  }

  async #ask(): Promise<void> {
    if (this.#isAsking) return;
    this.#isAsking = true;
    if (!this.#inside.hasChildNodes()) this.#show(make('p', { class: 'soft' }, 'Reading crates and wasm …'));
    try {
      const response = await fetch(GRAPH_PATH);
      if (response.ok) this.#show(...this.#facts((await response.json()) as GraphFacts));
      else this.#show(this.#problem(await response.text()));
    } catch {
      this.#show(this.#problem('Nobody answers: start leptos-fast dev, or leptos-fast dashboard.'));
    }
    this.#isAsking = false;
  }

  #show(...inside: readonly Node[]): void {
    this.#inside.replaceChildren(...inside);
  }

  #again(): HTMLElement {
    const button = make('button', { type: 'button' }, 'Look again');
    button.addEventListener('click', () => void this.#ask());
    return make('p', { class: 'again' }, button);
  }

  #problem(message: string): HTMLElement {
    return make('div', {}, make('p', { class: 'said' }, message), this.#again());
  }

  #facts({ packages, local, longestChain, duplicates, cycles, bundles }: GraphFacts): readonly HTMLElement[] {
    return [
      cratesPart(local, packages),
      part(
        'Longest chain of dependencies',
        make('p', {}, `${longestChain.length} crates, which can only be compiled one after the other`),
        make('p', { class: 'soft chain' }, longestChain.map(printable).join(' ← ')),
      ),
      part(
        `In several versions: ${duplicates.length === 0 ? 'none' : duplicates.length}`,
        ...duplicatesList(duplicates),
      ),
      ...(cycles.length === 0
        ? []
        : [part('Cycles through dev-dependencies', list(cycles.map((cycle) => cycle.map(printable).join(' → '))))]),
      ...(bundles.length === 0
        ? [part('Wasm', make('p', { class: 'soft' }, 'Not built yet: leptos-fast dev builds it.'))]
        : bundles.map(bundlePart)),
      this.#again(),
    ];
  }
}

function part(title: string, ...inside: readonly (Node | string)[]): HTMLElement {
  return make('div', { class: 'part' }, make('h3', {}, title), ...inside);
}

function list(lines: readonly string[]): HTMLElement {
  const more = lines.length - LISTED;
  const items = lines.slice(0, LISTED).map((line) => make('li', {}, line));
  return make(
    'ul',
    { class: 'lines' },
    ...items,
    ...(more > 0 ? [make('li', { class: 'soft' }, `and ${more} more: leptos-fast graph --json has all`)] : []),
  );
}

/** The crates of this machine, those that are compiled last on top. Who points at one sees which its edit compiles again. */
function cratesPart(local: readonly SizedCrate[], packages: number): HTMLElement {
  const layers = layersOf(local);
  const boxes = new Map(local.map((crate) => [crate.name, crateBox(crate)]));
  const light = ({ name, rebuilds }: SizedCrate, isOn: boolean): void => {
    for (const other of [name, ...rebuilds]) boxes.get(other)?.classList.toggle('lit', isOn);
  };
  for (const crate of local) {
    const box = boxes.get(crate.name);
    for (const event of ['mouseenter', 'focus']) box?.addEventListener(event, () => light(crate, true));
    for (const event of ['mouseleave', 'blur']) box?.addEventListener(event, () => light(crate, false));
  }
  const rows = layers.map((layer) =>
    make('div', { class: 'layer' }, ...layer.flatMap(({ name }) => boxes.get(name) ?? [])),
  );
  const note =
    local.length > 1
      ? 'Each stands above what it needs. Point at a crate to see what its edit compiles again.'
      : 'One crate: every edit compiles all of it. What is edited often is faster to build in a crate of its own.';
  return part(
    `Your ${local.length === 1 ? 'crate' : `${local.length} crates`}, of ${packages} in all`,
    make('div', { class: 'layers' }, ...rows),
    make('p', { class: 'note' }, note),
  );
}

function crateBox({ name, lines, needs, rebuilds, compiled }: SizedCrate): HTMLElement {
  const facts = [
    `${lines.toLocaleString('en')} lines`,
    ...(compiled ? [`${plural(compiled.builds, 'build')}, median ${formatMs(compiled.medianMs)}`] : []),
    ...(needs.length > 0 ? [`needs ${needs.map(printable).join(', ')}`] : []),
    ...(rebuilds.length > 0 ? [`its edit also compiles ${rebuilds.map(printable).join(', ')}`] : []),
  ];
  return make(
    'div',
    { class: 'crate', tabindex: '0' },
    make('b', {}, printable(name)),
    ...facts.map((fact) => make('span', { class: 'fact' }, fact)),
  );
}

function duplicatesList(duplicates: GraphFacts['duplicates']): readonly HTMLElement[] {
  if (duplicates.length === 0) return [];
  const lines = duplicates.map((duplicate) => printable(duplicateText(duplicate)));
  return [make('p', { class: 'soft' }, 'Each is compiled, and is in the wasm if the front needs it.'), list(lines)];
}

function bundlePart(bundle: Bundle): HTMLElement {
  const title = `Wasm of ${printable(bundle.project)}`;
  if ('unreadable' in bundle) return part(title, make('p', {}, `It cannot be read: ${printable(bundle.unreadable)}`));
  const { bytes, gzipBytes, withoutCustom, sections, crates } = bundle;
  const largest = sections.toSorted((a, b) => b.bytes - a.bytes).slice(0, 5);
  const code = crates.reduce((sum, crate) => sum + crate.bytes, 0);
  const rows = (items: readonly { name: string; bytes: number }[], whole: number) =>
    items.map((item) => [
      [printable(item.name), costBar(item.bytes / Math.max(1, items[0]?.bytes ?? 1))],
      formatBytes(item.bytes),
      `${Math.round((item.bytes / Math.max(1, whole)) * 100)} %`,
    ]);
  const columns = (what: string) => [
    { title: what },
    { title: 'Size', class: 'num' },
    { title: 'Share', class: 'num' },
  ];
  const ofCrates = crates.slice(0, LISTED).map(({ crate, bytes: size }) => ({ name: crate, bytes: size }));
  return part(
    `${title}: ${formatBytes(bytes)}, ${formatBytes(gzipBytes)} with gzip`,
    make(
      'p',
      { class: 'soft' },
      `Without names and other custom sections ${formatBytes(withoutCustom.bytes)}, ${formatBytes(withoutCustom.gzipBytes)} with gzip. `,
      'leptos-fast graph --sizes measures what a release would weigh with other settings.',
    ),
    make(
      'div',
      { class: 'beside' },
      table(columns('Code of'), rows(ofCrates, code), 'costs'),
      table(columns('Section'), rows(largest, bytes), 'costs'),
    ),
  );
}

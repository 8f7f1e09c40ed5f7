import fc from 'fast-check';

/** A small Leptos app as a model: what its source is, and what Leptos 0.8 renders from it. */
export interface ModelApp {
  readonly components: readonly (readonly ModelNode[])[];
  /** Whether a comment stands above the first view, which shifts every line. */
  readonly shifted: boolean;
}

export type ModelNode =
  | { readonly kind: 'text'; readonly value: string; readonly block: boolean }
  | {
      readonly kind: 'element';
      readonly tag: string;
      readonly attributes: Readonly<Record<string, string>>;
      /** `class:on=…`, and whether it is on. */
      readonly toggle: boolean | null;
      readonly children: readonly ModelNode[];
    }
  /** `{value}`: any texts. */
  | { readonly kind: 'value'; readonly texts: readonly string[] }
  /** `{move || if … { view! {…} } else { view! {…} }}`. */
  | {
      readonly kind: 'branch';
      readonly first: boolean;
      readonly ways: readonly [readonly ModelNode[], readonly ModelNode[]];
    }
  /** `<For …>` with a `view!` of its own for each row. */
  | { readonly kind: 'rows'; readonly count: number; readonly row: readonly ModelNode[] }
  | { readonly kind: 'component'; readonly index: number; readonly children: readonly ModelNode[] }
  /** `{children()}`. */
  | { readonly kind: 'children' };

/** What a page holds: an element, a text, or a comment. */
export type ModelPage =
  | readonly [tag: string, attributes: Record<string, string>, children: ModelPage[]]
  | string
  | { comment: string };

/** Few values, so that things look alike; some of them are often written just once. */
const TEXTS = ['Home', 'Save', 'x', 'a <b> & "c"', ...Array.from({ length: 10 }, (_, i) => `Sentence ${i}`)];
const CLASSES = ['row', 'card', 'row wide'];
const TAGS = ['div', 'span', 'section'];

/** An app of up to four components; each uses only those behind it. */
export function arbitraryApp(): fc.Arbitrary<ModelApp> {
  return fc
    .integer({ min: 1, max: 4 })
    .chain((count) =>
      fc
        .tuple(...Array.from({ length: count }, (_, i) => nodes(2, i, count, i > 0)))
        .map((components) => ({ components, shifted: false })),
    );
}

function nodes(
  depth: number,
  own: number,
  count: number,
  mayHaveChildren: boolean,
): fc.Arbitrary<readonly ModelNode[]> {
  return fc.array(node(depth, own, count, mayHaveChildren), { minLength: 1, maxLength: 3 });
}

function node(depth: number, own: number, count: number, mayHaveChildren: boolean): fc.Arbitrary<ModelNode> {
  const inner = (): fc.Arbitrary<readonly ModelNode[]> =>
    depth === 0 ? fc.constant([]) : nodes(depth - 1, own, count, mayHaveChildren);
  const some = (): fc.Arbitrary<readonly ModelNode[]> =>
    depth === 0 ? arbitraryText().map((text) => [text]) : nodes(depth - 1, own, count, false);
  return fc.oneof(
    { weight: 4, arbitrary: arbitraryText() },
    {
      weight: 5,
      arbitrary: fc.record({
        kind: fc.constant('element' as const),
        tag: fc.constantFrom(...TAGS),
        attributes: fc.oneof(
          fc.constant({}),
          fc.constantFrom(...CLASSES).map((value) => ({ class: value })),
          fc.constantFrom(...TEXTS).map((title) => ({ title })),
        ),
        toggle: fc.constantFrom(null, null, true, false),
        children: inner(),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('value' as const),
        texts: fc.array(fc.constantFrom(...TEXTS), { maxLength: 2 }),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('branch' as const),
        first: fc.boolean(),
        ways: fc.tuple(some(), some()),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant('rows' as const), count: fc.integer({ min: 0, max: 3 }), row: some() }),
    },
    ...(own + 1 < count
      ? [
          {
            weight: 3,
            arbitrary: fc.record({
              kind: fc.constant('component' as const),
              index: fc.integer({ min: own + 1, max: count - 1 }),
              children: fc.oneof(fc.constant([]), inner()),
            }),
          },
        ]
      : []),
    ...(mayHaveChildren ? [{ weight: 1, arbitrary: fc.constant({ kind: 'children' as const }) }] : []),
  );
}

function arbitraryText(): fc.Arbitrary<ModelNode> {
  return fc.record({
    kind: fc.constant('text' as const),
    value: fc.constantFrom(...TEXTS),
    block: fc.constantFrom(false, false, false, true),
  });
}

/** An edit: `at` chooses the place, `to` the new value. */
export interface ModelEdit {
  readonly at: number;
  readonly to: string;
  readonly what: 'value' | 'add' | 'remove';
  readonly shift: boolean;
}

export function arbitraryEdit(): fc.Arbitrary<ModelEdit> {
  return fc.record({
    at: fc.nat({ max: 1_000 }),
    to: fc.constantFrom(...TEXTS, ...CLASSES, 'quite new', 'newer'),
    what: fc.constantFrom('value', 'value', 'value', 'add', 'remove'),
    shift: fc.constantFrom(false, false, false, true),
  });
}

/** The app with one text or attribute edited; the same app when there is nothing to edit at that place. */
export function edited(app: ModelApp, edit: ModelEdit): ModelApp {
  let total = 0;
  const visit = (
    list: readonly ModelNode[],
    change: (node: ModelNode, place: number) => ModelNode,
  ): readonly ModelNode[] =>
    list.map((one) => {
      const place = one.kind === 'text' || one.kind === 'element' ? total++ : -1;
      const changed = place < 0 ? one : change(one, place);
      if (changed.kind === 'element' || changed.kind === 'component') {
        return { ...changed, children: visit(changed.children, change) };
      }
      if (changed.kind === 'branch')
        return { ...changed, ways: [visit(changed.ways[0], change), visit(changed.ways[1], change)] };
      return changed.kind === 'rows' ? { ...changed, row: visit(changed.row, change) } : changed;
    });
  for (const component of app.components) visit(component, (one) => one);
  const chosen = total === 0 ? -1 : edit.at % total;
  total = 0;
  const components = app.components.map((component) =>
    visit(component, (one, place) => {
      if (place !== chosen) return one;
      if (one.kind === 'text') return { ...one, value: edit.to };
      if (one.kind !== 'element') return one;
      const [name = 'class'] = Object.keys(one.attributes);
      if (edit.what === 'remove') return { ...one, attributes: {} };
      if (edit.what === 'add')
        return { ...one, attributes: { ...one.attributes, [edit.to.includes('r') ? 'class' : 'lang']: edit.to } };
      return { ...one, attributes: { [name]: edit.to } };
    }),
  );
  return { components, shifted: app.shifted || edit.shift };
}

/** The app after something has happened in it: each branch goes the other way. */
export function switched(app: ModelApp): ModelApp {
  const visit = (list: readonly ModelNode[]): readonly ModelNode[] =>
    list.map((one) => {
      if (one.kind === 'element' || one.kind === 'component') return { ...one, children: visit(one.children) };
      if (one.kind === 'rows') return { ...one, row: visit(one.row) };
      return one.kind === 'branch'
        ? { ...one, first: !one.first, ways: [visit(one.ways[0]), visit(one.ways[1])] }
        : one;
    });
  return { ...app, components: app.components.map(visit) };
}

/** The source, and for each view the line of its call. */
export function sourceOf(app: ModelApp): string {
  return print(app).text;
}

interface Printed {
  readonly text: string;
  readonly lines: ReadonlyMap<readonly ModelNode[], number>;
}

function print(app: ModelApp): Printed {
  const lines: string[] = ['use leptos::prelude::*;'];
  const calls = new Map<readonly ModelNode[], number>();
  if (app.shifted) lines.push('// a comment');
  const view = (list: readonly ModelNode[], end: string): void => {
    calls.set(list, lines.length + 1);
    lines.push('view! {');
    for (const one of list) printNode(one);
    lines.push(`}${end}`);
  };
  const printNode = (one: ModelNode): void => {
    switch (one.kind) {
      case 'text':
        lines.push(one.block ? `{${JSON.stringify(one.value)}}` : JSON.stringify(one.value));
        return;
      case 'element': {
        const attributes = Object.entries(one.attributes).map(([name, value]) => ` ${name}=${JSON.stringify(value)}`);
        const toggle = one.toggle === null ? '' : ' class:on=move || on.get() on:click=move |_| *n.write() += 1';
        lines.push(`<${one.tag}${attributes.join('')}${toggle}>`);
        for (const child of one.children) printNode(child);
        lines.push(`</${one.tag}>`);
        return;
      }
      case 'value':
        lines.push('{value}');
        return;
      case 'branch':
        lines.push('{move || if cond.get() {');
        view(one.ways[0], '.into_any()');
        lines.push('} else {');
        view(one.ways[1], '.into_any()');
        lines.push('}}');
        return;
      case 'rows':
        lines.push('<For each=rows key=|row| row.id children=move |row|');
        view(one.row, '');
        lines.push('/>');
        return;
      case 'component':
        lines.push(`<C${one.index}>`);
        for (const child of one.children) printNode(child);
        lines.push(`</C${one.index}>`);
        return;
      case 'children':
        lines.push('{children()}');
        return;
      default:
        one satisfies never;
    }
  };
  app.components.forEach((component, i) => {
    lines.push('#[component]', `fn C${i}() -> impl IntoView {`);
    view(component, '');
    lines.push('}');
  });
  return { text: lines.join('\n'), lines: calls };
}

/** What the app renders: on the server with markers and separators, in the browser without. */
export function render(app: ModelApp, on: 'server' | 'browser'): readonly ModelPage[] {
  const { lines } = print(app);
  const out: ModelPage[] = [];
  let afterText = false;
  const view = (list: readonly ModelNode[], to: ModelPage[], children: (to: ModelPage[]) => void): void => {
    const [only] = list;
    const marked =
      on === 'server' &&
      (list.length > 1 || only?.kind === 'element' || only?.kind === 'component' || only?.kind === 'rows');
    const marker = `hot-reload|src-app.rs-${lines.get(list)}`;
    if (marked) to.push({ comment: `${marker}|open` });
    for (const one of list) renderNode(one, to, children, true);
    if (marked) to.push({ comment: `${marker}|close` });
  };
  const text = (value: string, to: ModelPage[]): void => {
    if (on === 'server' && afterText) to.push({ comment: '' });
    to.push(value);
    afterText = true;
  };
  const renderNode = (one: ModelNode, to: ModelPage[], children: (to: ModelPage[]) => void, top: boolean): void => {
    switch (one.kind) {
      case 'text':
        text(one.value, to);
        return;
      case 'element': {
        to.push(!top && isInert(one) ? inert(one) : element(one, children));
        afterText = false;
        return;
      }
      case 'value':
        for (const value of one.texts) text(value, to);
        return;
      case 'branch':
        view(one.ways[one.first ? 0 : 1], to, () => {});
        return;
      case 'rows':
        for (let i = 0; i < one.count; i++) view(one.row, to, () => {});
        to.push({ comment: '' });
        afterText = false;
        return;
      case 'component':
        view(app.components[one.index] ?? [], to, (within) => {
          for (const child of one.children) renderNode(child, within, children, true);
        });
        return;
      case 'children':
        children(to);
        return;
      default:
        one satisfies never;
    }
  };
  const element = (one: ModelNode & { kind: 'element' }, children: (to: ModelPage[]) => void): ModelPage => {
    const within: ModelPage[] = [];
    afterText = false;
    for (const child of one.children) renderNode(child, within, children, false);
    const attributes = { ...one.attributes };
    if (one.toggle !== null) attributes.class = `${attributes.class ?? ''}${one.toggle ? ' on' : ''}`.trim();
    return [one.tag, attributes, within];
  };
  // leptos_macro makes one string of elements that are all text: neighbouring texts become one node.
  const inert = (one: ModelNode & { kind: 'element' }): ModelPage => {
    const within: ModelPage[] = [];
    for (const child of one.children) {
      const last = within.at(-1);
      if (child.kind === 'element') within.push(inert(child));
      else if (child.kind === 'text' && typeof last === 'string') within[within.length - 1] = last + child.value;
      else if (child.kind === 'text') within.push(child.value);
    }
    return [one.tag, { ...one.attributes }, within];
  };
  view(app.components[0] ?? [], out, () => {});
  return out;
}

function isInert(one: ModelNode): boolean {
  if (one.kind === 'text') return !one.block;
  return one.kind === 'element' && one.toggle === null && one.children.every(isInert);
}

/** As HTML, for a page that comes from the server. */
export function toHtml(pages: readonly ModelPage[]): string {
  const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
  return pages
    .map((page) => {
      if (typeof page === 'string') return escaped(page);
      if ('comment' in page) return `<!--${page.comment}-->`;
      const [tag, attributes, children] = page;
      const list = Object.entries(attributes).map(([name, value]) => ` ${name}="${escaped(value)}"`);
      return `<${tag}${list.join('')}>${toHtml(children)}</${tag}>`;
    })
    .join('');
}

/** What can be seen of it, to compare: neighbouring texts joined, no comments. */
export function visible(pages: readonly ModelPage[]): unknown {
  const out: unknown[] = [];
  for (const page of pages) {
    const last = out.at(-1);
    if (typeof page === 'string') {
      if (typeof last === 'string') out[out.length - 1] = last + page;
      else out.push(page);
    } else if (!('comment' in page)) {
      const [tag, attributes, children] = page;
      const list = Object.entries(attributes).filter(([name, value]) => name !== 'class' || value !== '');
      out.push([tag, Object.fromEntries(list.sort()), visible(children)]);
    }
  }
  return out;
}

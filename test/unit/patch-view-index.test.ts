import { describe, expect, it } from 'vitest';
import { PackedText } from '../../src/core/packed-text.js';
import type { PatchElement } from '../../src/patch/patch-nodes.js';
import { ViewIndex } from '../../src/patch/view-index.js';
import type { ViewSource } from '../../src/patch/view-model.js';
import { readViewSource } from '../../src/patch/view-source.js';

const component = (name: string, view: string) =>
  `#[component]\npub fn ${name}() -> impl IntoView {\n    view! { ${view} }\n}\n`;

/** Views that resemble each other in every way that is told apart: tag, class, id, text, holes, roots, components. */
const PROJECT: Readonly<Record<string, string>> = {
  'plain.rs': component('Plain', '<h1>"Tide of today"</h1>'),
  'twin.rs': component('Twin', '<div><p>"Tide of today"</p></div>'),
  'other.rs': component('Other', '<h1>"Tide of tomorrow"</h1>'),
  'class.rs': component('Class', '<p class="lead">"Harbour"</p><p class="note">"Harbour"</p>'),
  'id.rs': component('Id', '<section id="north"><p class="lead">"North"</p></section>'),
  'toggled.rs': component('Toggled', '<p class="lead" class:open=open>"Harbour"</p>'),
  'dynamic.rs': component('Dynamic', '<p class=name>"Quay of the north"</p><h1>{title}</h1>'),
  'nested.rs': component('Nested', '<div class="card"><h2>"First"</h2><p>"Berth one"</p></div>'),
  'nested2.rs': component('Nested2', '<div class="card"><h2>"Second"</h2><p>"Berth two"</p></div>'),
  'spread.rs': component('Spread', '<article {..attrs}>"Spread out"</article>'),
  'article.rs': component('Article', '<article class="wide">"Spread out"</article>'),
  'holes.rs': component('Holes', '<ul>{items}</ul><ul><li>"Only one"</li></ul>'),
  'card.rs': component('Card', '<aside class="card">{children()}</aside>'),
  'uses.rs': component('Uses', '<Card><em>"In a card"</em></Card><em>"Out of it"</em>'),
  'built.rs': `${component('Built', '<b>"Some text"</b>')}fn more() { html::strong(); }\n`,
  'strong.rs': component('Strong', '<strong>"Made by hand too"</strong>'),
  'wrapped.rs': component('Wrapped', '<nav><Card><i>"In the nav"</i></Card></nav>'),
  'rival.rs': component('Rival', '<nav><u>"Under it"</u></nav>'),
  'bare.rs': component('Bare', '<h3>{title}</h3>'),
  'classy.rs': component('Classy', '<h3 class="big">"Spring tide"</h3>'),
  'raw.rs': component('Raw', '<main inner_html=html></main>'),
};

function source(text: string): ViewSource {
  const read = readViewSource(text);
  if (!read) throw new Error(`no Rust: ${text}`);
  return read;
}

/** An index in which `edited` has two versions and every other file is in the given state. */
function indexOf(edited: string, isResting: boolean): ViewIndex {
  const index = new ViewIndex();
  for (const [file, text] of Object.entries(PROJECT)) {
    if (isResting) index.rest(file, new PackedText(text), source(text));
    else index.set(file, [source(text)]);
  }
  const text = PROJECT[edited] ?? '';
  // Once more, as a save does: by now it is known what the components of the other files render.
  index.set(edited, [source(text), source(text.replace(/"([A-Z])/, '"New $1'))]);
  return index;
}

function elementsOf(index: ViewIndex, file: string): readonly PatchElement[] {
  return [...(index.views(file)?.dynamic.keys() ?? [])];
}

describe('a file at rest', () => {
  it.each(Object.keys(PROJECT))('answers for an edit of %s as one with all its views does', (edited) => {
    const [resting, full] = [indexOf(edited, true), indexOf(edited, false)];
    const [ours, theirs] = [elementsOf(resting, edited), elementsOf(full, edited)];
    expect(ours).toEqual(theirs);
    expect(ours.map((element) => resting.isUnique(element))).toEqual(theirs.map((element) => full.isUnique(element)));
    expect(ours.map((element) => resting.isOwnRoot([element]))).toEqual(
      theirs.map((element) => full.isOwnRoot([element])),
    );
    expect(resting.raw()).toEqual(full.raw());
  });

  it('is told apart by each of these, and taken for another without them', () => {
    const uniqueIn = (edited: string) => {
      const index = indexOf(edited, true);
      return elementsOf(index, edited).map((element) => [element.e, index.isUnique(element)]);
    };
    expect(uniqueIn('plain.rs')).toEqual([['h1', false]]);
    expect(uniqueIn('id.rs')).toContainEqual(['section', true]);
    expect(uniqueIn('strong.rs')).toEqual([['strong', false]]);
    expect(uniqueIn('toggled.rs')).toEqual([['p', false]]);
    expect(uniqueIn('nested2.rs')).toContainEqual(['div', true]);
  });

  it('is gone when it is taken out', () => {
    const index = indexOf('nested.rs', true);
    index.set('nested2.rs', []);
    expect(index.views('nested2.rs')).toBeNull();
  });
});

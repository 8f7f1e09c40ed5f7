import { describe, expect, it } from 'vitest';
import type { PatchData } from '../../src/patch/patch-nodes.js';
import { ViewPatcher } from '../../src/patch/view-patcher.js';

const FILE = '/app/src/app.rs';
const OTHER = '/app/src/other.rs';
const view = (markup: string) => `fn f() {\nview! { ${markup} }\n}\n`;

function patcher(files: Readonly<Record<string, string>>): ViewPatcher {
  const made = new ViewPatcher({ root: '/app' });
  made.index(Object.entries(files));
  return made;
}

/** The rules of a save, as where they look: `markers | pin`. */
function places(made: ViewPatcher, text: string, file = FILE): readonly string[] | null {
  const patch = made.onSaved(file, text, 0);
  const data = patch?.views as PatchData | undefined;
  return data?.rules.map(({ markers, pin }) => `${markers.join()} | ${pin?.join('.') ?? ''}`) ?? null;
}

describe('where the nodes are looked for', () => {
  it('by the markers, and by an element that no other view can look like', () => {
    const made = patcher({ [FILE]: view('<p>"Hello"</p>'), [OTHER]: view('<b>{x}</b>') });
    expect(places(made, view('<p>"Servus"</p>'))).toEqual(['src-app.rs-2 | 0']);
  });

  it('by the markers alone where the text stands elsewhere', () => {
    const made = patcher({ [FILE]: view('<p>"Hello"</p>'), [OTHER]: view('<Card title="Hello"/>') });
    expect(places(made, view('<p>"Servus"</p>'))).toEqual(['src-app.rs-2 | ']);
  });

  it.each([
    ['has the same', '<p>"Hello"</p>'],
    ['may render the same', '<p>{x}</p>'],
    ['may render the new', '<p>"Servus"</p>'],
  ])('by the markers alone where something in another view %s', (_, other) => {
    const made = patcher({ [FILE]: view('<i><p>"Hello"</p></i>'), [OTHER]: view(`<b>"Hello"${other}</b>`) });
    expect(places(made, view('<i><p>"Servus"</p></i>'))).toEqual(['src-app.rs-2 | ']);
  });

  it.each([
    ['has the same', '<p>"Hello"</p>'],
    ['may render the same', '<p>{x}</p>'],
    ['may render the new', '<p>"Servus"</p>'],
  ])('not at all where another view %s, as the app may use the same nodes for it', (_, other) => {
    const made = patcher({ [FILE]: view('<p>"Hello"</p>'), [OTHER]: view(other) });
    expect(places(made, view('<p>"Servus"</p>'))).toBeNull();
  });

  it.each([
    ['has that attribute from an expression', '<p title={t}>"x"</p>'],
    ['has any attributes', '<p {..attrs}>"x"</p>'],
    ['may get attributes from its caller', '<p>"x"</p>'],
  ])('by the markers alone where another view %s', (_, other) => {
    const made = patcher({ [FILE]: view('<b/><p title="Hello">"x"</p>'), [OTHER]: view(other) });
    expect(places(made, view('<b/><p title="Servus">"x"</p>'))).toEqual(['src-app.rs-2 | ']);
  });

  it('by an element of which another view has one without that attribute', () => {
    const made = patcher({ [FILE]: view('<b/><p title="Hello">"x"</p>'), [OTHER]: view('<b><p>"x"</p></b>') });
    expect(places(made, view('<b/><p title="Servus">"x"</p>'))).toEqual(['src-app.rs-2 | 1']);
  });

  it('by the markers of every line where the call was', () => {
    const made = patcher({ [FILE]: view('<p class="a">{x}</p>') });
    expect(places(made, `// a\n${view('<p class="b">{x}</p>')}`)).toEqual(['src-app.rs-2,src-app.rs-3 | ']);
  });

  it('not by markers where another call was on one of these lines', () => {
    const calls = (name: string) => `view! { <i/> }\nview! { <p class="${name}">{x}</p> }`;
    const made = patcher({ [FILE]: calls('a') });
    expect(places(made, `\n${calls('b')}`)).toBeNull();
  });

  it('not by markers where another file is named the same by them', () => {
    const made = patcher({ '/app/src/a/b.rs': view('<p class="a">{x}</p>'), '/app/src/a-b.rs': '' });
    expect(places(made, view('<p class="b">{x}</p>'), '/app/src/a/b.rs')).toBeNull();
  });

  it('not by markers where two calls stand on one line', () => {
    const calls = (name: string) => `view! { <i/> } view! { <p class="${name}">{x}</p> }`;
    const made = patcher({ [FILE]: calls('a') });
    expect(places(made, calls('b'))).toBeNull();
  });

  const BUTTON =
    '#[component] fn Button(children: Children) -> impl IntoView { view! { <button>{children()}</button> } }';

  it('through a component that always renders the same view', () => {
    const made = patcher({ [FILE]: view('<Button>"Hello"</Button><hr/>'), [OTHER]: BUTTON });
    const patch = made.onSaved(FILE, view('<Button>"Servus"</Button><hr/>'), 0);
    expect((patch?.views as PatchData | undefined)?.rules).toMatchObject([
      { markers: ['src-app.rs-2'], nodes: [{ e: 'button', f: true, k: [{ t: ['Hello', 'Servus'] }] }, { e: 'hr' }] },
    ]);
  });

  it.each([
    ['may return something else', BUTTON.replace('view!', 'if x { return y } view!')],
    ['is an island', BUTTON.replace('component', 'island')],
    ['is not known', ''],
    ['exists twice', `${BUTTON} mod b { ${BUTTON} }`],
    ['gets attributes from outside', BUTTON, ' attr:id=x'],
  ])('not through a component that %s', (_, source, attribute = '') => {
    const made = patcher({ [FILE]: view(`<Button${attribute}>"Hello"</Button><hr/>`), [OTHER]: source });
    expect(places(made, view(`<Button${attribute}>"Servus"</Button><hr/>`))).toBeNull();
  });

  it('once, where a component is edited that is used beside it', () => {
    const both = `${view('<Button>"Hello"</Button><hr/>')}${BUTTON}`;
    const made = patcher({ [FILE]: both });
    expect(places(made, both.replace('<button>', '<button class="new">'))).toEqual(['src-app.rs-4 | ']);
  });

  it('in the rest of the view where it has such a component', () => {
    const made = patcher({ [FILE]: view('<Button>"Hello"</Button><p>"Below"</p>') });
    expect(places(made, view('<Button>"Hello"</Button><p>"Beneath"</p>'))).toEqual(['src-app.rs-2 | 1']);
  });

  it('not beside elements that are made in ways that are not read', () => {
    const made = patcher({ [FILE]: view('<A href="/">"Hello"</A>'), [OTHER]: 'fn f() { html::a().child(x) }' });
    expect(places(made, view('<A href="/">"Servus"</A>'))).toEqual(['src-app.rs-2 | ']);
  });
});

describe('from save to save', () => {
  it('has every value that a page may show, the newest last', () => {
    const made = patcher({ [FILE]: view('<p>"one"</p>') });
    made.onSaved(FILE, view('<p>"two"</p>'), 0);
    made.onSaved(FILE, view('<p>"three"</p>'), 0);
    const patch = made.onSaved(FILE, view('<p>"one"</p>'), 0);
    expect(JSON.stringify(patch?.views)).toContain('{"t":["two","three","one"]}');
  });

  it('needs nothing to be done for a comment', () => {
    const made = patcher({ [FILE]: view('<p>"one"</p>') });
    expect(made.onSaved(FILE, `// c\n${view('<p>"one"</p>')}`, 7)).toMatchObject({ savedAt: 7, views: { rules: [] } });
  });

  it('makes nothing of the same text again', () => {
    const made = patcher({ [FILE]: view('<p>"one"</p>') });
    expect(made.onSaved(FILE, view('<p>"one"</p>'), 0)).toBeNull();
    made.buildStarted(1);
    expect(made.covers(1, [FILE])).toBeNull();
  });

  it('makes no patch from code that no page has yet', () => {
    const made = patcher({ [FILE]: view('<p>"one"</p>') });
    expect(made.onSaved(FILE, view('<b>"one"</b>'), 0)).toBeNull();
    expect(made.onSaved(FILE, view('<b>"two"</b>'), 0)).toBeNull();
    made.buildStarted(1);
    expect(made.covers(1, [FILE])).toBeNull();
    made.buildShown(1, true);
    expect(made.onSaved(FILE, view('<b>"three"</b>'), 0)).not.toBeNull();
  });

  it('makes none either when the build that is shown is older than that code', () => {
    const made = patcher({ [FILE]: view('<p>"one"</p>') });
    made.buildStarted(1);
    made.onSaved(FILE, view('<b>"one"</b>'), 0);
    made.buildShown(1, true);
    expect(made.onSaved(FILE, view('<b>"two"</b>'), 0)).toBeNull();
  });

  it('takes into account what pages still show of a file that is being rebuilt', () => {
    const made = patcher({ [FILE]: view('<p>"one"</p>'), [OTHER]: view('<p>{x}</p>') });
    made.onSaved(OTHER, view('<b>{x}</b>'), 0);
    expect(places(made, view('<p>"two"</p>'))).toBeNull();
    made.buildStarted(1);
    made.buildShown(1, true);
    expect(places(made, view('<p>"three"</p>'))).toEqual(['src-app.rs-2 | 0']);
  });

  it('takes into account what pages may still show of an edited view', () => {
    const made = patcher({ [FILE]: view('<p>"one"</p>'), [OTHER]: view('<p>"Sentence"</p>') });
    made.onSaved(OTHER, view('<p>"Phrase"</p>'), 0);
    expect(places(made, view('<p>"Sentence"</p>'))).toBeNull();
  });

  it('tells again of a patched file until every page has loaded what was built of it', () => {
    const made = patcher({ [FILE]: view('<p>"one"</p>'), [OTHER]: view('<b>"one b"</b>') });
    const rulesAfter = (text: string) => {
      const patch = made.onSaved(OTHER, view(`<b>"${text}"</b>`), 0);
      return (patch?.views as PatchData | undefined)?.rules.length;
    };
    made.onSaved(FILE, view('<p>"two"</p>'), 0);
    made.buildStarted(1);
    made.buildShown(1, false);
    expect(rulesAfter('two b')).toBe(2);
    made.buildStarted(2);
    made.buildShown(2, true);
    expect(rulesAfter('three b')).toBe(1);
  });

  it('tells on of a file that was patched after the build had begun', () => {
    const made = patcher({ [FILE]: view('<p>"one"</p>'), [OTHER]: view('<b>"one b"</b>') });
    made.buildStarted(1);
    made.onSaved(FILE, view('<p>"two"</p>'), 0);
    made.buildShown(1, true);
    const patch = made.onSaved(OTHER, view('<b>"two b"</b>'), 0);
    expect((patch?.views as PatchData | undefined)?.rules).toHaveLength(2);
  });

  it('tells again where everything is that was edited, as it now is', () => {
    const button = (name: string) =>
      `#[component] fn Button(children: Children) -> impl IntoView { view! { <button class="${name}">{children()}</button> } }`;
    const made = patcher({ [FILE]: view('<Button>"Hello"</Button><hr/>'), [OTHER]: button('small') });
    made.onSaved(FILE, view('<Button>"Servus"</Button><hr/>'), 0);
    const patch = made.onSaved(OTHER, button('large'), 0);
    expect(JSON.stringify((patch?.views as PatchData | undefined)?.rules[0]?.nodes)).toContain(
      '["class",["small","large"]]',
    );
  });

  it('makes no patch of anything but Rust', () => {
    const made = patcher({ [FILE]: view('<p>"one"</p>') });
    expect(made.onSaved('/app/style/main.css', 'p {}', 0)).toBeNull();
    expect(made.onSaved('/app/style/main.css', 'b {}', 0)).toBeNull();
  });

  it('follows deleted, new and broken files', () => {
    const made = patcher({ [FILE]: view('<p>"one"</p>') });
    expect(made.onSaved(FILE, null, 0)).toBeNull();
    expect(made.onSaved(OTHER, view('<p>"one"</p>'), 0)).toBeNull();
    made.buildStarted(1);
    made.buildShown(1, true);
    expect(made.onSaved(OTHER, 'fn f( {', 0)).toBeNull();
    expect(made.onSaved(OTHER, view('<p>"two"</p>'), 0)).toBeNull();
    made.buildStarted(2);
    made.buildShown(2, true);
    expect(made.onSaved(OTHER, view('<p>"three"</p>'), 0)).not.toBeNull();
  });
});

describe('what a build needs', () => {
  it('is not known of a file that changed between the starts of its sides', () => {
    const made = patcher({ [FILE]: view('<p>"one"</p>'), [OTHER]: view('<b>"one b"</b>') });
    made.onSaved(FILE, view('<p>"two"</p>'), 0);
    const other = made.onSaved(OTHER, view('<b>"two b"</b>'), 0);
    made.buildStarted(1);
    made.onSaved(FILE, view('<p>"three"</p>'), 0);
    made.buildStarted(1);
    expect(made.covers(1, [FILE])).toBeNull();
    expect(made.covers(1, [OTHER])).toEqual([other?.id]);
  });

  it('names the first patch that showed all that was built', () => {
    const made = patcher({ [FILE]: view('<p>"one"</p>'), [OTHER]: view('<b>"one b"</b>') });
    const first = made.onSaved(FILE, view('<p>"two"</p>'), 0);
    const second = made.onSaved(FILE, view('<p>"three"</p>'), 0);
    const other = made.onSaved(OTHER, view('<b>"two b"</b>'), 0);
    made.buildStarted(1);
    made.onSaved(FILE, view('<p>"four"</p>'), 0);
    expect(first?.id).not.toBe(second?.id);
    expect(made.covers(1, [FILE, OTHER])).toEqual([other?.id]);
    expect(made.covers(1, [FILE, '/app/style/main.css'])).toBeNull();
  });
});

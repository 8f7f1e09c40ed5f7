import { describe, expect, it } from 'vitest';
import type { TemplateNode } from '../../src/patch/view-model.js';
import { readViewSource } from '../../src/patch/view-source.js';

const skeleton = (source: string) => readViewSource(source)?.skeleton;
const inView = (markup: string) => `fn f() { view! { ${markup} } }`;

/** A view's nodes in short: `p.class=a["text"]`, `*` for a hole. */
function short(nodes: readonly TemplateNode[]): string {
  return nodes
    .map((node) => {
      if (node.kind === 'text') return JSON.stringify(node.value);
      if (node.kind === 'hole') return node.inner?.length ? `*(${short(node.inner)})` : '*';
      const attributes = [...node.attributes].map(([name, value]) => `.${name}=${value}`);
      const marks = [
        ...node.toggles.map((name) => `?${name}`),
        ...(node.open ? ['+'] : []),
        ...(node.raw ? ['!'] : []),
      ];
      return `${node.tag}${attributes.join('')}${marks.join('')}[${short(node.children)}]`;
    })
    .join(' ');
}

const viewOf = (markup: string) => {
  const [view] = readViewSource(inView(markup))?.views ?? [];
  return view ? short(view.nodes) : null;
};

describe('what a view renders', () => {
  it.each([
    ['<p class="a">"Hi"</p>', 'p.class=a["Hi"]'],
    ['<p>{"Hi"}</p>', 'p["Hi"]'],
    ['<p>Hello, wide world!</p>', 'p["Hello, wide world!"]'],
    ['<p>1 + 1</p>', 'p[*]'],
    ['<p>"a" "b"</p>', 'p[* *]'],
    ['<p>"a"<!-- "c" -->{"b"}</p>', 'p[* *]'],
    ['<>"a"<br/></>', '"a" br[]'],
    ['<p>"a" {move || x.get() > 1} "b"</p>', 'p["a" * "b"]'],
    ['<button on:click=move |_| *n.write() += 1 class="b">"x"</button>', 'button.class=b["x"]'],
    ['<i title=if a { "x" } else { "y" } lang="de"/>', 'i.lang=de[]'],
    ['<i title=x.y() {..attrs} lang="de"/>', 'i.lang=de+[]'],
    ['<i title=S { a: 1 } lang="de"/>', 'i.lang=de[]'],
    ['<i title="a".to_string() for="n"/>', 'i.for=n[]'],
    ['<i class="a" class:on=f class=("b c", g) class=(["d"], h)/>', 'i.class=a?on?b?c?d[]'],
    ['<i class="a" class=(name, g)/>', 'i.class=a[]'],
    ['<i style="a" style:color=c/>', 'i[]'],
    ['<i class="a" {..attrs}/>', 'i+[]'],
    ['<i class=" a "/>', 'i[]'],
    ['<input value="a" type="text" placeholder="p" disabled/>', 'input.placeholder=p[]'],
    ['<div inner_html="<b>x</b>"/>', 'div![*]'],
    ['<A href="/x" attr:class="c">"Home"</A>', 'a.class=c+["Home"]'],
    ['<Card title="t"><p>"x"</p></Card>', '*(p["x"])'],
    ['<pre>"x"</pre>', '*(pre[*])'],
    ['<table>"x"<tr><td>"y"</td></tr></table>', 'table[* tr[td["y"]]]'],
    ['<p>"a\\r"</p>', 'p[*]'],
    ['<p>""</p>', 'p[*]'],
    ['<my-tag a-b="c">"x"</my-tag>', 'my-tag.a-b=c["x"]'],
    ['<label r#for="n">"x"</label>', 'label.for=n["x"]'],
  ])('%s', (markup, expected) => {
    expect(viewOf(markup)).toBe(expected);
  });

  it.each([
    ['class = s, <p>"x"</p>'],
    ['<{..} class="a"/>'],
    ['<For<T>>"x"</For<T>>'],
    ['<p>"x"</b>'],
    ['<p a="1" a="2"/>'],
  ])('is not told of %s', (markup) => {
    expect(viewOf(markup)).toBeNull();
    expect(skeleton(inView(markup))).toContain('"');
  });

  it('tells where each view is called, and finds the ones within', () => {
    const source =
      'fn f() {\n leptos::\n view! {\n <p>{move || view! {\n <b>"x"</b> }}</p> }\n}\nmacro_rules! m { () => { view! { <u/> } } }';
    const views = readViewSource(source)?.views ?? [];
    expect(views.map(({ line, nodes }) => [line, short(nodes)])).toEqual([
      [2, 'p[*]'],
      [4, 'b["x"]'],
    ]);
    expect([...(readViewSource(source)?.otherTags ?? [])]).toEqual(['u']);
  });

  it('knows of elements that are made in other ways', () => {
    const tags = (source: string) => [...(readViewSource(source)?.otherTags ?? [])];
    expect(tags('use leptos::html::{div, Input}; fn f() { html::p().child(1) }')).toEqual(['div', 'p']);
    expect(tags('use leptos::html::*;')).toEqual(['*']);
    expect(tags(inView('class = s, <em>"x"</em>'))).toEqual(['em']);
  });
});

describe('the skeleton', () => {
  const base = inView('<p class="a">"Hi" {n}</p>');

  it.each([
    ['another text', inView('<p class="a">"Ho" {n}</p>')],
    ['another class', inView('<p class="b c">"Hi" {n}</p>')],
    ['an attribute more', inView('<p class="a" title="t">"Hi" {n}</p>')],
    ['an attribute less', inView('<p>"Hi" {n}</p>')],
    ['comments and lines', `// c\n${base.replaceAll(' ', '\n ')} /* d */`],
  ])('is the same with %s', (_, source) => {
    expect(skeleton(source)).toBe(skeleton(base));
  });

  it.each([
    ['another expression', inView('<p class="a">"Hi" {m}</p>')],
    ['another element', inView('<b class="a">"Hi" {n}</b>')],
    ['a text more', inView('<p class="a">"Hi" {n} "x"</p>')],
    ['a dynamic class', inView('<p class={a}>"Hi" {n}</p>')],
    ['a listener', inView('<p class="a" on:click=f>"Hi" {n}</p>')],
    ['an empty text', inView('<p class="a">"" {n}</p>')],
    ['code beside it', `${base} fn g() {}`],
    ['a doc comment', `/// d\n${base}`],
    ['no element at all', inView('"Hi"')],
    ['a text moved into braces', inView('<p class="a">{"Hi"} {n}</p>')],
  ])('differs with %s', (_, source) => {
    expect(skeleton(source)).not.toBe(skeleton(base));
  });

  it.each([
    ['a string outside of views', 'fn f() { g("a") }', 'fn f() { g("b") }'],
    ['an opaque attribute', inView('<input value="a"/>'), inView('<input value="b"/>')],
    ['an opaque element', inView('<body class="a"/>'), inView('<body class="b"/>')],
    ['text in an opaque element', inView('<body><p>"a"</p></body>'), inView('<body><p>"b"</p></body>')],
    ['neighbouring texts', inView('<p>"a" "b"</p>'), inView('<p>"a" "c"</p>')],
    ['neighbouring texts through braces', inView('<p>"a" {"b"}</p>'), inView('<p>"a" {"c"}</p>')],
    ['unquoted text that is not plain', inView('<p>1 + 1</p>'), inView('<p>1 + 2</p>')],
    ['an inner_html', inView('<p inner_html="a"/>'), inView('<p inner_html="b"/>')],
    ['a property of a component', inView('<Card title="a"/>'), inView('<Card title="b"/>')],
    [
      'a string in an expression',
      inView('<p>{if x { "a" } else { "c" }}</p>'),
      inView('<p>{if x { "b" } else { "c" }}</p>'),
    ],
    ['a class with a spread', inView('<p class="a" {..x}/>'), inView('<p class="b" {..x}/>')],
    ['operators that only look alike', 'fn f() { a & &b }', 'fn f() { a && b }'],
    ['numbers that only look alike', 'fn f() { 1.5 }', 'fn f() { 1 .5 }'],
  ])('differs with %s', (_, one, other) => {
    expect(skeleton(one)).not.toBe(skeleton(other));
  });
});

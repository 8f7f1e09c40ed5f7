import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { ViewPatcher } from '../../src/patch/view-patcher.js';
import { type PatchedWindow, patchHead, startPatchSite } from './support/patch-site.js';
import { useChromium } from './support/tab.js';

const chromium = useChromium();

const FILE = '/app/src/app.rs';
const OTHER = '/app/src/other.rs';
const MARKER = 'hot-reload|src-app.rs-1';
const view = (markup: string) => `fn f() { view! { ${markup} } }`;
/** As the server renders a view on line 1 of app.rs. */
const served = (html: string) => `<!--${MARKER}|open-->${html}<!--${MARKER}|close-->`;

interface Case {
  readonly before: string;
  readonly after: string;
  /** What else the project has. */
  readonly other?: string;
  /** The body of the page. */
  readonly body: string;
  /** JavaScript that runs before our script. */
  readonly script?: string;
}

/** A page with that body, and what a save of `after` has for it. */
async function open({ before, after, other = '', body, script }: Case): Promise<{ page: Page; views: unknown }> {
  const site = await startPatchSite();
  const { page } = await chromium.open();
  site.page('/', () => ({ head: patchHead(script), body }));
  await page.goto(`${site.url}/`);
  await page.waitForFunction(() => 'viewPatch' in window);
  const patcher = new ViewPatcher({ root: '/app' });
  patcher.index([
    [FILE, before],
    [OTHER, other],
  ]);
  const patch = patcher.onSaved(FILE, after, 0);
  if (!patch) throw new Error('no patch was made');
  return { page, views: patch.views };
}

async function apply(page: Page, views: unknown): Promise<boolean> {
  return page.evaluate((one) => (window as unknown as PatchedWindow).viewPatch.applyViewPatch(one), views);
}

const html = (page: Page) => page.evaluate(() => document.body.innerHTML.replace(/<!--.*?-->/g, ''));
const nextFrame = (page: Page) =>
  page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
const stale = (page: Page) => page.evaluate(() => (window as unknown as PatchedWindow).stale);

describe('applies', () => {
  it('texts, attributes and classes, and keeps the nodes and what the app put on them', async () => {
    const { page, views } = await open({
      before: view('<p class="a" title="t" id="p">"Clicked " {n} " times"</p><b>"x"</b>'),
      after: view('<p class="b c" lang="de" id="p">"Pressed " {n} " times!"</p><b>"x"</b>'),
      body: served('<p class="a" title="t" id="p">Clicked <!---->0<!----> times</p><b>x</b>'),
      script: `const p = document.querySelector('p'); let n = 0; window.p = p; window.number = p.childNodes[2];
        p.addEventListener('click', () => { number.data = String(++n); });`,
    });
    expect(await apply(page, views)).toBe(true);
    expect(await html(page)).toBe('<p class="b c" id="p" lang="de">Pressed 0 times!</p><b>x</b>');
    await page.click('p');
    expect(await html(page)).toBe('<p class="b c" id="p" lang="de">Pressed 1 times!</p><b>x</b>');
  });

  it('a class beside those that are on, in place of the old one', async () => {
    const { page, views } = await open({
      before: view('<p class="a b" class:on=x class:off=y>"one"</p>'),
      after: view('<p class="c" class:on=x class:off=y>"one"</p>'),
      body: served('<p class="a b off">one</p>'),
    });
    expect(await apply(page, views)).toBe(true);
    expect(await html(page)).toBe('<p class="c off">one</p>');
  });

  it.each([
    ['color: red;', 'color: blue;'],
    ['color: red', 'color: blue'],
  ])('a style as it was written: %s', async (from, to) => {
    const { page, views } = await open({
      before: view('<p style="color: red">"one"</p>'),
      after: view('<p style="color: blue">"one"</p>'),
      body: served(`<p style="${from}">one</p>`),
    });
    expect(await apply(page, views)).toBe(true);
    expect(await html(page)).toBe(`<p style="${to}">one</p>`);
  });

  it('beside an asset that was refreshed in the page', async () => {
    const { page, views } = await open({
      before: view('<p><img src="/logo.png"/>"one"</p>'),
      after: view('<p><img src="/logo.png"/>"two"</p>'),
      body: served('<p><img src="/logo.png?leptos-fast=7">one</p>'),
    });
    expect(await apply(page, views)).toBe(true);
    expect(await html(page)).toBe('<p><img src="/logo.png?leptos-fast=7">two</p>');
  });

  it('to every instance of a view', async () => {
    const { page, views } = await open({
      before: view('<li>"Item " {n}</li>'),
      after: view('<li>"Thing " {n}</li>'),
      other: 'fn g() { view! { <div><li>{x}</li></div> } }',
      body: `<ul>${served('<li>Item <!---->1</li>')}${served('<li>Item <!---->2</li>')}<li>Item 3</li></ul>`,
    });
    expect(await apply(page, views)).toBe(true);
    expect(await html(page)).toBe('<ul><li>Thing 1</li><li>Thing 2</li><li>Item 3</li></ul>');
  });

  it('what stands in a component, wherever that puts it', async () => {
    const { page, views } = await open({
      before: view('<Layout><h1>"Old title"</h1><p>{x}</p></Layout>'),
      after: view('<Layout><h1>"New title"</h1><p>{x}</p></Layout>'),
      body: '<div><nav>Old title</nav><div><i>a</i><h1>Old title</h1><p>Old title</p></div></div>',
    });
    // The navigation has the same text, so it was not the text alone that was found.
    expect(await apply(page, views)).toBe(true);
    expect(await html(page)).toBe(
      '<div><nav>Old title</nav><div><i>a</i><h1>New title</h1><p>Old title</p></div></div>',
    );
  });

  it('nothing where the view is not, whatever has no such attribute', async () => {
    const { page, views } = await open({
      before: `// a\n${view('<div><p>"Sentence"</p></div>')}`,
      after: view('<div><p title="t">"Sentence"</p></div>'),
      body: '<p>another</p>',
    });
    expect(await apply(page, views)).toBe(true);
    expect(await html(page)).toBe('<p>another</p>');
  });

  it('nothing where there is nothing to do', async () => {
    const { page, views } = await open({
      before: view('<p>"one"</p>'),
      after: `// comment\n${view('<p>"one"</p>')}`,
      body: served('<p>one</p>'),
    });
    expect(await apply(page, views)).toBe(true);
    expect(await html(page)).toBe('<p>one</p>');
  });
});

describe('leaves the page as it is', () => {
  it.each<[string, Case]>([
    [
      'when one of the edits is not found',
      {
        before: `${view('<p>"first"</p>')}\n${view('<p>"second"</p>')}`,
        after: `${view('<p>"changed"</p>')}\n${view('<p>"changed too"</p>')}`,
        body: `${served('<p>first</p>')}<!--hot-reload|src-app.rs-2|open--><p>other</p><!--hot-reload|src-app.rs-2|close-->`,
        other: 'fn g() { view! { <i><p>{x}</p></i> } }',
      },
    ],
    [
      'when the text may be either of two',
      {
        before: view('<p>{x} "Home" {y}</p>'),
        after: view('<p>{x} "Start" {y}</p>'),
        body: served('<p>Home<!---->Home<!---->z</p>'),
      },
    ],
    [
      'when the app has put something else between the markers',
      {
        before: view('<p class="a">{x}</p>'),
        after: view('<p class="b">{x}</p>'),
        other: 'fn g() { view! { <i><p class="a">{y}</p></i> } }',
        body: served('<p class="a">one</p>'),
        script: `const p = document.createElement('p'); p.className = 'a'; p.textContent = 'two';
          await import('/view-patch.js'); document.querySelector('p').replaceWith(p);`,
      },
    ],
    [
      'when the app may have run before our script',
      {
        before: view('<p class="a">{x}</p>'),
        after: view('<p class="b">{x}</p>'),
        other: 'fn g() { view! { <i><p class="a">{y}</p></i> } }',
        body: served('<p class="a">one</p>'),
        script: `await (await fetch('/app.wasm')).text();`,
      },
    ],
    [
      'when it looks so within HTML of which nothing is known',
      {
        before: `${view('<p class="x">"Sentence"</p>')} fn g() { view! { <div class="post" inner_html=html/> } }`,
        after: `${view('<p class="y">"Sentence"</p>')} fn g() { view! { <div class="post" inner_html=html/> } }`,
        body: '<div class="post"><p class="x">Sentence</p></div>',
      },
    ],
    [
      'when a node looks like it but is not where it should be',
      {
        before: view('<section class="s"><p>"Sentence"</p></section>'),
        after: view('<section class="s"><p>"Phrase"</p></section>'),
        other: 'fn g() { view! { <i><p>{x}</p></i> } }',
        body: `${served('<section class="s"><p>Sentence</p></section>')}<p>Sentence</p>`,
      },
    ],
    [
      'when the view is not found but its text is',
      {
        before: view('<p class="a">"Sentence"</p>'),
        after: view('<p class="a">"Phrase"</p>'),
        body: '<p class="changed by a script">Sentence</p>',
      },
    ],
    [
      'when the view is not found but its class is',
      {
        before: view('<p class="a">"Sentence"</p>'),
        after: view('<p class="b">"Sentence"</p>'),
        body: '<p class="a"><i>Sentence</i></p>',
      },
    ],
    [
      'when a style would be new',
      {
        before: view('<p class="a">"Sentence"</p>'),
        after: view('<p class="a" style="color: red">"Sentence"</p>'),
        body: served('<p class="a">Sentence</p>'),
      },
    ],
  ])('%s', async (_, one) => {
    const { page, views } = await open(one);
    const before = await html(page);
    expect(await apply(page, views)).toBe(false);
    expect(await html(page)).toBe(before);
  });
});

describe('when the app makes nodes anew', () => {
  const add = (page: Page, markup: string) =>
    page.evaluate((text) => {
      const template = document.createElement('template');
      template.innerHTML = text;
      document.body.append(template.content);
    }, markup);

  it('patches them before they are painted', async () => {
    const { page, views } = await open({
      before: view('<p class="a">"Sentence" {n}</p>'),
      after: view('<p class="b">"Phrase" {n}</p>'),
      body: served('<p class="a">Sentence<!---->1</p>'),
    });
    expect(await apply(page, views)).toBe(true);
    const painted = await page.evaluate(async () => {
      const seen: string[] = [];
      const p = document.createElement('p');
      p.className = 'a';
      p.append('Sentence', '2');
      requestAnimationFrame(() => seen.push(p.outerHTML));
      document.body.append(p);
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
      return seen;
    });
    expect(painted).toEqual(['<p class="b">Phrase2</p>']);
    expect(await stale(page)).toBe(0);
  });

  it('also those of a view that was not in the page', async () => {
    const { page, views } = await open({
      before: view('<p class="a">"Sentence"</p>'),
      after: view('<p class="a">"Phrase"</p>'),
      body: '<i>x</i>',
    });
    expect(await apply(page, views)).toBe(true);
    await add(page, '<p class="a">Sentence</p><p class="a">Sentence</p>');
    expect(await html(page)).toBe('<i>x</i><p class="a">Phrase</p><p class="a">Phrase</p>');
  });

  it('says that the page is stale where these can be others', async () => {
    const { page, views } = await open({
      before: view('<p class="a">{x}</p>'),
      after: view('<p class="b">{x}</p>'),
      other: 'fn g() { view! { <i><p class="a">{y}</p></i> } }',
      body: served('<p class="a">one</p>'),
    });
    expect(await apply(page, views)).toBe(true);
    await add(page, '<p>nothing to do with it</p>');
    await nextFrame(page);
    expect(await stale(page)).toBe(0);
    await add(page, '<p class="a">two</p>');
    expect(await stale(page)).toBe(1);
    expect(await html(page)).toBe('<p class="b">one</p><p>nothing to do with it</p><p class="a">two</p>');
  });

  it('patches them also where it writes the old value into the same node', async () => {
    const { page, views } = await open({
      before: view('<p class="a">"Sentence"</p>'),
      after: view('<p class="b">"Phrase"</p>'),
      body: '<p class="a">Sentence</p>',
    });
    expect(await apply(page, views)).toBe(true);
    const swap = (name: string, text: string) =>
      page.evaluate(
        ([one, other]) => {
          const p = document.querySelector('p');
          p?.setAttribute('class', one ?? '');
          if (p?.firstChild) p.firstChild.nodeValue = other ?? '';
        },
        [name, text],
      );
    await swap('x', 'Other view');
    await nextFrame(page);
    expect(await html(page)).toBe('<p class="x">Other view</p>');
    await swap('a', 'Sentence');
    expect(await html(page)).toBe('<p class="b">Phrase</p>');
  });

  it('gives back what the app had where it uses the node for another view', async () => {
    const { page, views } = await open({
      before: view('<p class="a" title="t">"Sentence"</p>'),
      after: view('<p class="a" title="u">"Phrase"</p>'),
      body: '<p class="a" title="t">Sentence</p>',
    });
    expect(await apply(page, views)).toBe(true);
    // The other view has the same text and title, which the app takes to be there already.
    await page.evaluate(() => document.querySelector('p')?.setAttribute('class', 'z'));
    await nextFrame(page);
    expect(await html(page)).toBe('<p class="z" title="t">Sentence</p>');
    await page.evaluate(() => document.querySelector('p')?.setAttribute('class', 'a'));
    await nextFrame(page);
    expect(await html(page)).toBe('<p class="a" title="u">Phrase</p>');
  });

  it('follows the newest patch', async () => {
    const before = view('<p>"Sentence"</p>');
    const { page } = await open({ before, after: view('<p>"x"</p>'), body: '<p>Sentence</p>' });
    const patcher = new ViewPatcher({ root: '/app' });
    patcher.index([[FILE, before]]);
    for (const text of ['Phrase', 'Clause', 'Sentence', 'Word']) {
      expect(await apply(page, patcher.onSaved(FILE, view(`<p>"${text}"</p>`), 0)?.views)).toBe(true);
      expect(await html(page)).toBe(`<p>${text}</p>`);
    }
    await add(page, '<p>Sentence</p>');
    expect(await html(page)).toBe('<p>Word</p><p>Word</p>');
  });
});

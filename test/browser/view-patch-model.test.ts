import fc from 'fast-check';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { ViewPatcher } from '../../src/patch/view-patcher.js';
import {
  arbitraryApp,
  arbitraryEdit,
  edited,
  type ModelApp,
  type ModelEdit,
  type ModelPage,
  render,
  sourceOf,
  switched,
  toHtml,
  visible,
} from './support/model-app.js';
import { type PatchedWindow, patchHead, startPatchSite } from './support/patch-site.js';
import { useChromium } from './support/tab.js';

const chromium = useChromium();

const FILE = '/app/src/app.rs';

/** The views of the saves that could be patched, and the app as it then is; null when one of them could not. */
function patchesFor(app: ModelApp, edits: readonly ModelEdit[]): { views: unknown[]; after: ModelApp } | null {
  const patcher = new ViewPatcher({ root: '/app' });
  patcher.index([[FILE, sourceOf(app)]]);
  const views: unknown[] = [];
  let after = app;
  for (const edit of edits) {
    const next = edited(after, edit);
    if (sourceOf(next) === sourceOf(after)) continue;
    after = next;
    const patch = patcher.onSaved(FILE, sourceOf(after), 0);
    if (!patch) return null;
    views.push(patch.views);
  }
  return { views, after };
}

/** What can be seen of the model in the page, as the model's `visible` tells it. */
async function seen(page: Page): Promise<unknown> {
  return page.evaluate(() => {
    const read = (node: Node): unknown[] => {
      const out: unknown[] = [];
      for (const child of node.childNodes) {
        if (child instanceof Text) {
          const last = out.at(-1);
          if (typeof last === 'string') out[out.length - 1] = last + child.data;
          else out.push(child.data);
        } else if (child instanceof Element) {
          // The server writes an empty class where a toggle is off, the browser none.
          const attributes = [...child.attributes]
            .map((one) => [one.name, one.value])
            .filter(([name, value]) => name !== 'class' || value !== '')
            .sort();
          out.push([child.localName, Object.fromEntries(attributes), read(child)]);
        }
      }
      return out;
    };
    return read(document.body);
  });
}

/** Applies patches, each in the page as the one before has left it; whether all were applied. */
async function apply(page: Page, views: readonly unknown[]): Promise<boolean> {
  return page.evaluate((list) => {
    const { viewPatch } = window as unknown as PatchedWindow;
    return list.map((one) => viewPatch.applyViewPatch(one)).every(Boolean);
  }, views);
}

const edits = fc.array(arbitraryEdit(), { minLength: 1, maxLength: 2 });

it('never patches what the server rendered into something else than the new build renders', async () => {
  const site = await startPatchSite();
  const { page, errors } = await chromium.open();
  let html = '';
  site.page('/', () => ({ body: html, head: patchHead() }));
  let applied = 0;
  let kept = 0;
  await fc.assert(
    fc.asyncProperty(arbitraryApp(), edits, async (app, list) => {
      const made = patchesFor(app, list);
      if (!made) return;
      html = toHtml(render(app, 'server'));
      await page.goto(`${site.url}/`);
      await page.waitForFunction(() => 'viewPatch' in window);
      if (!(await apply(page, made.views))) return;
      applied++;
      expect(await seen(page)).toEqual(visible(render(made.after, 'server')));
      await rebuild(page, render(app, 'browser'), render(switched(app), 'browser'));
      if (await isStale(page)) return;
      kept++;
      expect(await seen(page)).toEqual(visible(render(switched(made.after), 'server')));
    }),
    { numRuns: 100 },
  );
  expect(errors).toEqual([]);
  expect(applied).toBeGreaterThan(10);
  expect(kept).toBeGreaterThan(10);
});

it('never patches what the browser rendered into something else, also when it renders it again', async () => {
  const site = await startPatchSite();
  const { page, errors } = await chromium.open();
  site.page('/', () => ({ head: patchHead() }));
  let applied = 0;
  let kept = 0;
  await fc.assert(
    fc.asyncProperty(arbitraryApp(), edits, async (app, list) => {
      const made = patchesFor(app, list);
      if (!made) return;
      await page.goto(`${site.url}/`);
      await page.waitForFunction(() => 'viewPatch' in window);
      await build(page, render(app, 'browser'));
      if (!(await apply(page, made.views))) return;
      applied++;
      expect(await seen(page)).toEqual(visible(render(made.after, 'browser')));
      await rebuild(page, render(app, 'browser'), render(switched(app), 'browser'));
      if (await isStale(page)) return;
      kept++;
      expect(await seen(page)).toEqual(visible(render(switched(made.after), 'browser')));
      await build(page, render(app, 'browser'));
      if (await isStale(page)) return;
      expect(await seen(page)).toEqual(visible(render(made.after, 'browser')));
    }),
    { numRuns: 150 },
  );
  expect(errors).toEqual([]);
  expect(applied).toBeGreaterThan(10);
  expect(kept).toBeGreaterThan(10);
});

/** Whether the page was called stale, once observers have run and a frame was painted. */
async function isStale(page: Page): Promise<boolean> {
  return page.evaluate(async () => {
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    return (window as unknown as PatchedWindow).stale > 0;
  });
}

/** Fills the page as the wasm does, node by node, and returns once observers have run. */
async function build(page: Page, pages: readonly ModelPage[]): Promise<void> {
  await page.evaluate(async (json) => {
    const make = (one: ModelPage): Node => {
      if (typeof one === 'string') return document.createTextNode(one);
      if ('comment' in one) return document.createComment(one.comment);
      const [tag, attributes, children] = one;
      const element = document.createElement(tag);
      for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
      element.append(...children.map(make));
      return element;
    };
    document.body.replaceChildren(...(JSON.parse(json) as ModelPage[]).map(make));
    await Promise.resolve();
  }, JSON.stringify(pages));
}

/**
 * Changes the page as the wasm does that has rendered `from` and now renders `to`: what has the same form is kept, and only
 * what differs between the two is written. It does not look at what is in the page.
 */
async function rebuild(page: Page, from: readonly ModelPage[], to: readonly ModelPage[]): Promise<void> {
  await page.evaluate(
    ([before, after]) => {
      const make = (one: ModelPage): Node => {
        if (typeof one === 'string') return document.createTextNode(one);
        if ('comment' in one) return document.createComment(one.comment);
        const [tag, attributes, children] = one;
        const element = document.createElement(tag);
        for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
        element.append(...children.map(make));
        return element;
      };
      const solid = (pages: readonly ModelPage[]) =>
        pages.filter((one) => typeof one === 'string' || !('comment' in one));
      const isSame = (one: ModelPage | undefined, other: ModelPage | undefined): boolean => {
        if (typeof one === 'string' || typeof other === 'string') return typeof one === typeof other;
        if (!one || !other || 'comment' in one || 'comment' in other) return false;
        return one[0] === other[0] && Object.keys(one[1]).sort().join() === Object.keys(other[1]).sort().join();
      };
      const change = (parent: Node, old: readonly ModelPage[], now: readonly ModelPage[]): void => {
        const nodes = [...parent.childNodes].filter((node) => node.nodeType !== Node.COMMENT_NODE);
        now.forEach((page, i) => {
          const node = nodes[i];
          const earlier = old[i];
          if (!node) parent.appendChild(make(page));
          else if (!isSame(earlier, page)) parent.replaceChild(make(page), node);
          else if (typeof page === 'string') {
            if (earlier !== page) node.nodeValue = page;
          } else if (earlier && typeof earlier !== 'string' && !('comment' in earlier) && !('comment' in page)) {
            for (const [name, value] of Object.entries(page[1])) {
              if (earlier[1][name] !== value) (node as Element).setAttribute(name, value);
            }
            change(node, solid(earlier[2]), solid(page[2]));
          }
        });
        for (const node of nodes.slice(now.length)) parent.removeChild(node);
      };
      change(document.body, solid(JSON.parse(before ?? '')), solid(JSON.parse(after ?? '')));
    },
    [JSON.stringify(from), JSON.stringify(to)],
  );
}

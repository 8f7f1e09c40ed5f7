import { replaceUrlsInSheets, replaceUrlsInStyle } from './css-urls.js';
import { ChangedPaths, sitePath, withVersion } from './own-urls.js';

/** Where elements name an asset that can be loaded in place. Stylesheets are swapped, scripts cannot be taken back. */
const IN_PLACE: readonly { readonly elements: string; readonly attribute: string }[] = [
  { elements: 'img, source, video, audio, track, embed, input[type="image" i]', attribute: 'src' },
  { elements: 'video', attribute: 'poster' },
  { elements: 'object', attribute: 'data' },
  { elements: 'link[rel~="icon" i], link[rel~="apple-touch-icon" i], link[rel~="manifest" i]', attribute: 'href' },
  { elements: 'use, image, feImage', attribute: 'href' },
  { elements: 'use, image, feImage', attribute: 'xlink:href' },
];
const SETS = 'img[srcset], source[srcset]';

/** An image that takes longer than this (ms) is not waited for. */
const LOAD_WITHIN_MS = 5_000;

/**
 * The assets that changed since the page was loaded. Each is shown anew at once, and again in a stylesheet that is
 * swapped later. Elements that the app makes later, and the next page, find it in the browser's cache.
 */
export class AssetVersions {
  readonly #changes: { readonly changed: ChangedPaths; readonly version: number }[] = [];

  /** Paths that the page names, of those that changed. */
  readonly #named = new Set<string>();
  #last: Promise<unknown> = Promise.resolve();

  /** Refreshes what shows one of these assets; resolves with how much that was, when it is loaded. */
  refresh(paths: readonly string[], version: number): Promise<number> {
    // One after the other, so that each counts its own.
    const refreshed = this.#last.then(() => this.#refresh(paths, version));
    this.#last = refreshed;
    return refreshed;
  }

  async #refresh(paths: readonly string[], version: number): Promise<number> {
    this.#changes.push({ changed: new ChangedPaths(paths), version });
    const images = this.#inElements();
    const inSheets = this.inSheets();
    const renewed = renewCache(paths.length === 0 ? [...this.#named] : paths);
    await Promise.race([Promise.all([renewed, ...images.map(loaded)]), wait(LOAD_WITHIN_MS)]);
    return images.length + inSheets;
  }

  /** Stylesheets that were loaded since name the assets without their versions. */
  inSheets(): number {
    return this.#changes.length === 0 ? 0 : replaceUrlsInSheets((url, base) => this.#newest(url, base));
  }

  #inElements(): Element[] {
    const refreshed: Element[] = [];
    for (const { elements, attribute } of IN_PLACE) {
      for (const element of document.querySelectorAll(elements)) {
        const newest = this.#newest(element.getAttribute(attribute) ?? '', document.baseURI);
        if (newest === null) continue;
        setKeepingTime(element, attribute, newest);
        refreshed.push(element);
      }
    }
    for (const element of document.querySelectorAll(SETS)) {
      const before = element.getAttribute('srcset') ?? '';
      const after = this.#inSet(before);
      if (after === before) continue;
      element.setAttribute('srcset', after);
      refreshed.push(element);
    }
    for (const element of document.querySelectorAll<HTMLElement>('[style*="url(" i]')) {
      if (replaceUrlsInStyle(element.style, document.baseURI, (url, base) => this.#newest(url, base)) > 0) {
        refreshed.push(element);
      }
    }
    return refreshed;
  }

  #inSet(set: string): string {
    return set.replaceAll(/(^|,\s*|^\s+)([^\s,]\S*[^\s,])/g, (whole, before: string, url: string) => {
      const newest = this.#newest(url, document.baseURI);
      return newest === null ? whole : before + newest;
    });
  }

  /** The URL with the version of its last change; null when it has that, or did not change. */
  #newest(url: string, base: string): string | null {
    if (url === '' || url.startsWith('#')) return null;
    const version = this.#changes.filter(({ changed }) => changed.has(url, base)).at(-1)?.version;
    if (version === undefined) return null;
    this.#named.add(new URL(url, base).pathname);
    const newest = withVersion(url, version, base);
    return newest === new URL(url, base).href ? null : newest;
  }
}

/** True when one of these assets is a script of the page: what it did cannot be taken back. */
export function isScript(paths: readonly string[]): boolean {
  const changed = new ChangedPaths(paths);
  return !changed.isAll && [...document.scripts].some(({ src }) => src !== '' && changed.has(src));
}

/** The browser's cache keeps assets without asking; the next load must not get the old ones. */
async function renewCache(paths: readonly string[]): Promise<void> {
  const onSite = paths.filter((path) => sitePath(path, location.origin) !== null);
  // A deleted one fails, and so does any under a CSP that forbids it.
  await Promise.all(onSite.map((path) => fetch(path, { cache: 'reload' }).then(drain, () => undefined)));
}

async function drain(response: Response): Promise<void> {
  await response.arrayBuffer();
}

/** Sound and film go on where they were. */
function setKeepingTime(element: Element, attribute: string, url: string): void {
  const media = element instanceof HTMLMediaElement && attribute === 'src' ? element : null;
  const time = media?.currentTime ?? 0;
  const plays = media !== null && !media.paused;
  element.setAttribute(attribute, url);
  if (!media || time === 0) return;
  media.currentTime = time;
  if (plays) void media.play().catch(() => undefined);
}

function loaded(element: Element): Promise<void> {
  // A broken image is what a deleted asset looks like.
  if (element instanceof HTMLImageElement) return element.decode().catch(() => undefined);
  return Promise.resolve();
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

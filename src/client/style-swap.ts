import { type ChangedPaths, withVersion } from './own-urls.js';

/** The last version that each link was told to load. */
const versions = new WeakMap<HTMLLinkElement, number>();

/**
 * Loads changed stylesheets of the site into the page as it is. The old one stays until the new one is there, so nothing
 * is seen without style. Resolves with the number of sheets that were swapped.
 */
export async function swapStyles(changed: ChangedPaths, version: number): Promise<number> {
  const links = [...document.querySelectorAll<HTMLLinkElement>('link[rel~="stylesheet" i][href]')];
  const behind = links.filter((link) => changed.has(link.href) || imports(link.sheet, changed));
  const swapped = await Promise.all(behind.map((link) => swap(link, version)));
  return swapped.filter(Boolean).length;
}

/**
 * The element of the page stays, for the app may hold it: a copy shows the new sheet until the element has it as well.
 * False when the sheet could not be loaded, or a newer one overtook it.
 */
async function swap(link: HTMLLinkElement, version: number): Promise<boolean> {
  const href = withVersion(link.href, version);
  versions.set(link, version);
  const isNewest = () => versions.get(link) === version && link.isConnected;
  // Nothing of it shows, so nothing can flash.
  if (link.disabled || !link.sheet) return load(link, href);
  const copy = link.cloneNode() as HTMLLinkElement;
  copy.removeAttribute('id');
  copy.removeAttribute('integrity');
  const copied = await load(copy, href, () => link.after(copy));
  if (copied && isNewest()) {
    // What was deleted from the sheet must not show beside the new one.
    link.sheet.disabled = true;
    link.removeAttribute('integrity');
    await load(link, href);
  }
  copy.remove();
  return copied && isNewest();
}

/** `attach` puts a link into the page that is not in it: not before it has its address, or it would load its old one. */
function load(link: HTMLLinkElement, href: string, attach: () => void = () => undefined): Promise<boolean> {
  return new Promise((resolve) => {
    const end = (loaded: boolean) => () => resolve(loaded);
    link.addEventListener('load', end(true), { once: true });
    link.addEventListener('error', end(false), { once: true });
    link.href = href;
    attach();
    if (link.disabled) resolve(true);
  });
}

/** True when a sheet imports a changed one, at any depth. */
function imports(sheet: CSSStyleSheet | null, changed: ChangedPaths): boolean {
  return rulesOf(sheet).some((rule) => {
    if (!(rule instanceof CSSImportRule)) return false;
    return changed.has(rule.href, sheet?.href ?? undefined) || imports(rule.styleSheet, changed);
  });
}

/** A sheet's rules; none where it is of another site and thus closed to us. */
export function rulesOf(sheet: CSSStyleSheet | CSSGroupingRule | null): CSSRule[] {
  try {
    return [...(sheet?.cssRules ?? [])];
  } catch {
    return [];
  }
}

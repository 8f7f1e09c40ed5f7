const VERSION = 'leptos-fast';

/** The path of a URL as the server knows it; null when it is not of this site. */
export function sitePath(url: string, base: string = document.baseURI): string | null {
  const parsed = URL.canParse(url, base) ? new URL(url, base) : null;
  return parsed?.origin === location.origin ? parsed.pathname : null;
}

/** The same URL, absolute, with a query that makes the browser ask for it anew. */
export function withVersion(url: string, version: number, base: string = document.baseURI): string {
  const versioned = new URL(url, base);
  versioned.searchParams.set(VERSION, String(version));
  return versioned.href;
}

/** Whether a URL is another one with such a query. */
export function isVersionOf(url: string, other: string, base: string = document.baseURI): boolean {
  if (!url.includes(`${VERSION}=`) || !URL.canParse(url, base) || !URL.canParse(other, base)) return false;
  const plain = new URL(url, base);
  plain.searchParams.delete(VERSION);
  return plain.href === new URL(other, base).href;
}

/** Whether a path is among those that changed; an empty list means that any may have. */
export class ChangedPaths {
  readonly #paths: ReadonlySet<string | null>;

  constructor(paths: readonly string[]) {
    this.#paths = new Set(paths.map((path) => sitePath(path, location.origin)));
  }

  get isAll(): boolean {
    return this.#paths.size === 0;
  }

  /** `url` as it stands in the page, relative to `base`. */
  has(url: string, base?: string): boolean {
    const path = sitePath(url, base);
    return path !== null && (this.isAll || this.#paths.has(path));
  }
}

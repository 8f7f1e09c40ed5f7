/**
 * What the dev proxy and the script in the page say to each other over the page's socket, one JSON object a message.
 * The script takes its types from here; nothing of this file reaches the browser as code.
 *
 * Every page knows when its HTML was asked for (`at`, ms since the epoch by the proxy's clock, put into the script's
 * address). Content that can be seen has a `since` by the same clock: a page whose `at` is smaller is behind.
 */

/** Everything below this path on the site's port is ours; the app never sees it. */
export const OWN_PATH = '/__leptos_fast';
export const CLIENT_PATH = `${OWN_PATH}/client/main.js`;
export const SOCKET_PATH = `${OWN_PATH}/socket`;

/** Close code: the token is of another run of leptos-fast; the page loads itself anew and gets the new one. */
export const OTHER_RUN = 4001;

/** From when on (ms since the epoch) what is served is the newest. */
export interface Since {
  /** HTML and wasm. */
  readonly content: number;
  readonly style: number;
  readonly assets: number;
}

/** One compile error, or what a server said when it died. */
export interface PageError {
  /** `error[E0308]`, `error`, `panic`: what stands in front of the message. */
  readonly label: string;
  readonly message: string;
  /** As the tool printed it, with ANSI colours. */
  readonly rendered: string;
  /** The sides that reported it: `front`, `server`. */
  readonly sides: readonly string[];
  /** Relative to the workspace where it lies in it, else absolute. */
  readonly place: { readonly file: string; readonly line: number; readonly column: number } | null;
  /** The same for a link: `vscode://file/…:line:column`; null without a place. */
  readonly editorUrl: string | null;
}

export type PageStatus =
  | { readonly kind: 'idle' }
  /** `elapsedMs` when the message was sent; `expectedMs` from earlier builds of this kind, null when there were none. */
  | {
      readonly kind: 'building';
      readonly what: string;
      readonly elapsedMs: number;
      readonly expectedMs: number | null;
    }
  /** Not yet mended. `building` is true while a build that may mend it runs. */
  | {
      readonly kind: 'failed';
      readonly title: string;
      readonly errors: readonly PageError[];
      readonly warnings: number;
      readonly building: boolean;
    };

/** To the page. */
export type ServerMessage =
  /** First on every connection. `canOpen` is true when a click on a place opens the editor through us. */
  | { readonly type: 'hello'; readonly since: Since; readonly status: PageStatus; readonly canOpen: boolean }
  /**
   * New HTML or wasm. `patches` are the view patches that together showed all of it already; a page that has applied
   * every one of them need not load itself now. Null: the page must. With `contentOnly` the wasm is still built: a page
   * that nobody sees waits for the same message without it, since one that waits for its wasm holds connections, of which
   * a browser has six for all tabs of a site.
   */
  | {
      readonly type: 'reload';
      readonly since: number;
      readonly batch: number;
      readonly patches: readonly string[] | null;
      readonly contentOnly?: true;
    }
  /** New stylesheets: paths as in URLs, e.g. `/pkg/app.css`; empty when all of the site may have changed. */
  | { readonly type: 'style'; readonly since: number; readonly batch: number; readonly paths: readonly string[] }
  /** New, changed or deleted assets: paths as in URLs, e.g. `/images/logo.png`; empty when any may have. */
  | { readonly type: 'assets'; readonly since: number; readonly batch: number; readonly paths: readonly string[] }
  | { readonly type: 'patch'; readonly patch: ViewPatch }
  | { readonly type: 'status'; readonly status: PageStatus };

/** An edit of a `view!` that the page can show without a build. */
export interface ViewPatch {
  /** Names this patch in `reload`. */
  readonly id: string;
  /** When the file was saved, in ms since the epoch. */
  readonly savedAt: number;
  /** What to do, as src/client/view-patch.ts reads it. */
  readonly views: unknown;
}

/** From the page. */
export type PageMessage =
  /** First on every connection. */
  | { readonly type: 'hello'; readonly at: number; readonly path: string }
  /** Painted: a new page, a swapped stylesheet, refreshed assets. */
  | { readonly type: 'shown'; readonly batch: number; readonly kind: 'reload' | 'style' | 'assets' }
  /** A view patch was painted (`ok`), or could not be applied: then the page waits for the build. */
  | { readonly type: 'patched'; readonly id: string; readonly ok: boolean }
  /** A click on the place of the error at this index of the last `failed` status. */
  | { readonly type: 'open'; readonly error: number }
  /** A panic of the wasm, or an exception nobody caught. */
  | { readonly type: 'page-error'; readonly message: string };

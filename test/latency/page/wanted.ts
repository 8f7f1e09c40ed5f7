/** What an edit shows in the page, and where. */
export type Look =
  | { readonly kind: 'text'; readonly selector: string; readonly value: string }
  | { readonly kind: 'text-begin'; readonly selector: string; readonly value: string }
  | { readonly kind: 'attribute'; readonly selector: string; readonly name: string; readonly value: string }
  | { readonly kind: 'class'; readonly selector: string; readonly value: string }
  | { readonly kind: 'style'; readonly selector: string; readonly property: string; readonly value: string }
  | { readonly kind: 'image'; readonly selector: string; readonly width: number };

/** What the probe in the page waits for; it outlives a reload. */
export interface Wanted {
  readonly id: number;
  readonly look: Look;
  /** The page sends its form again and again, as one who waits for the server's new answer. */
  readonly sends: boolean;
  /** What the counter shows after a click on the page's new wasm; null where no new wasm is waited for. */
  readonly counted: number | null;
}

/** What the probe tells; `at` in ms since the epoch, on the machine's clock. */
export type Report =
  | { readonly event: 'loaded'; readonly at: number }
  | { readonly event: 'visible' | 'interactive' | 'call-failed'; readonly id: number; readonly at: number };

/** What a user did to the page and would have to do again. */
export interface PageState {
  readonly counter: string;
  readonly input: string;
  readonly scroll: number;
}

/** Where the probe finds what is wanted, in the tab's session storage. */
export const WANTED_KEY = 'latency-wanted';
/** The function of the page that takes reports. */
export const REPORT_NAME = 'latencyReport';

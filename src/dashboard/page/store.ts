import { DEFAULT_DAYS, type Figures, type Hello, type LiveStatus } from '../data.js';

/** Whether anybody tells. */
export type Line =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'connected' }
  /** Nobody answers; `ended` when the server has said goodbye. */
  | { readonly kind: 'disconnected'; readonly ended: boolean };

/** All that the page shows. */
export interface PageModel {
  readonly line: Line;
  readonly hello: Hello | null;
  readonly figures: Figures | null;
  readonly live: LiveStatus | null;
  /** Why the history cannot be read; null while it can. */
  readonly problem: string | null;
  readonly days: number;
  /** The batch whose way is shown, by its key; null for the newest. */
  readonly selected: string | null;
}

const DAYS_IN_ADDRESS = /^#days=(\d{1,4})$/;

/** The page as it begins. The period stands in the address, so that it survives a reload and can be sent to somebody. */
export function initialModel(hash: string): PageModel {
  const days = Number(DAYS_IN_ADDRESS.exec(hash)?.[1] ?? DEFAULT_DAYS);
  return {
    line: { kind: 'connecting' },
    hello: null,
    figures: null,
    live: null,
    problem: null,
    days: days > 0 ? days : DEFAULT_DAYS,
    selected: null,
  };
}

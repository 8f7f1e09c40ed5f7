import type { Advice } from '../record/advice/advice.js';
import type { BuildRecord } from '../record/build-record.js';
import type { Missing } from '../record/report/next-step.js';
import type { LastBatch, Summary } from '../record/summary.js';
import type { Trend } from '../record/trend-series.js';
import { OWN_PATH } from '../serve/page-protocol.js';

/**
 * What the dashboard's server and its page say to each other. The page asks once for a stream and hears `figures` and, from
 * a running `dev`, `live`: at once, and whenever they are others.
 */

/** The page itself. */
export const DASHBOARD_PATH = `${OWN_PATH}/`;
/** What the page loads lies below it. */
export const DASHBOARD_FILES = `${OWN_PATH}/dashboard`;
/** The figures as JSON, for scripts: `?days=30`. */
export const FIGURES_PATH = `${DASHBOARD_FILES}/figures`;
/** The same as a stream of server-sent events. */
export const STREAM_PATH = `${DASHBOARD_FILES}/events`;
/** What the crates and the wasm are made of, as JSON: found out when it is asked for. */
export const GRAPH_PATH = `${DASHBOARD_FILES}/graph`;

/** Version of the figures. Fields may be added under the same number. */
export const FIGURES_VERSION = 1;

/** The periods (days) that the page offers. */
export const PERIODS = [7, 30, 90] as const;
export const DEFAULT_DAYS = 30;

/** All that the page shows of the history. */
export interface Figures {
  readonly schema: 'leptos-fast dashboard';
  readonly v: typeof FIGURES_VERSION;
  readonly summary: Summary;
  readonly trends: readonly Trend[];
  /** The newest batches, the newest first. */
  readonly recent: readonly RecentBatch[];
  /** Why sides were not built, the most frequent reason first. */
  readonly skipReasons: readonly { readonly reason: string; readonly count: number }[];
  /** One chart for each figure that records of this period have. */
  readonly gauges: readonly Gauge[];
  readonly advice?: readonly Advice[];
  /** Why the period is empty; null when it is not. */
  readonly missing: Missing | null;
  /** Only the newest days were read so far: good for what is now, not for the period. */
  readonly isPartial?: boolean;
}

/** A batch as the list of the newest ones shows it. */
export interface RecentBatch extends LastBatch {
  /** Session and number: the same batch later. */
  readonly key: string;
  readonly why: string;
  readonly sides: BuildRecord['sides'];
  readonly errors: NonNullable<BuildRecord['errors']> | null;
}

/** A figure that each batch has one of, over time. */
export interface Gauge {
  readonly name: string;
  readonly unit: 'bytes' | 'ms';
  readonly latest: number;
  readonly max: number;
  /** Moments in ms since the epoch, and the values there; the highest of its neighbours where batches are many. */
  readonly at: readonly number[];
  readonly values: readonly number[];
}

/** What a running `dev` does right now. Times in ms, `since` and `at` since the epoch. */
export type LiveStatus =
  /** The first build is not through yet. */
  | { readonly kind: 'starting'; readonly since: number }
  | {
      readonly kind: 'building';
      /** `front and server`. */
      readonly what: string;
      readonly files: string;
      readonly since: number;
      /** From builds of the same sides; null when there were none. */
      readonly expectedMs: number | null;
    }
  | { readonly kind: 'failed'; readonly why: string }
  | { readonly kind: 'ready'; readonly last: LastSeen | null };

/** The batch that can be seen, before its record is complete. */
export interface LastSeen {
  readonly at: number;
  readonly files: string;
  /** Save to page. */
  readonly ms: number;
}

/** What the stream says, by the names of its events. */
export interface StreamEvents {
  readonly hello: Hello;
  readonly figures: Figures;
  readonly live: LiveStatus;
  /** The history cannot be read: the system's words. */
  readonly problem: { readonly message: string };
  /** `dev` ends. */
  readonly ended: Record<string, never>;
}

/** What the stream is about; its first message. */
export interface Hello {
  readonly project: string;
  /** A running `dev` tells, or the history alone is shown. */
  readonly source: 'dev' | 'history';
  /** Where the history lies. */
  readonly folder: string;
}

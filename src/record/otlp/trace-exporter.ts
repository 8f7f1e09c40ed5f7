import type { Clock } from '../../core/clock.js';
import { ownVersion } from '../../core/version.js';
import type { BuildRecord } from '../build-record.js';
import { attributes, batchSpans } from './batch-spans.js';
import type { OtlpSettings } from './otlp-settings.js';

/** So many batches wait for an endpoint that does not answer; then the oldest go. */
const MAX_WAITING = 100;
/** Pause (ms) before a request is made again; it doubles up to the second. */
const FIRST_PAUSE_MS = 1_000;
const MAX_PAUSE_MS = 60_000;
/** What the end of `dev` waits (ms) for the last request. */
const LAST_REQUEST_MS = 1_000;
/** The answers after which the specification of OTLP/HTTP has a client try again. */
const TRY_AGAIN: ReadonlySet<number> = new Set([429, 502, 503, 504]);

export interface TraceExporterOptions {
  readonly settings: OtlpSettings;
  readonly clock: Clock;
  /** Told once, when the endpoint fails for the first time. */
  readonly onTrouble: (what: string) => void;
}

/*
 *          add                 answered, refused
 *   idle ───────▶ sending ───────────────────────▶ idle, or sending what came meanwhile
 *                  │   ▲ pause is over
 *         no answer▼   │
 *                 pausing            any ──close──▶ closed, after one last request
 */
type State =
  | { readonly kind: 'idle' }
  | { readonly kind: 'sending'; readonly done: Promise<void> }
  | { readonly kind: 'pausing'; readonly cancel: () => void }
  | { readonly kind: 'closed' };

/** Sends each batch as one trace to an OTLP endpoint (OTLP/HTTP with JSON). Nothing waits for it, and nothing fails with it. */
export class TraceExporter {
  readonly #options: TraceExporterOptions;
  readonly #waiting: BuildRecord[] = [];
  #state: State = { kind: 'idle' };
  #pauseMs = FIRST_PAUSE_MS;
  #isTroubleTold = false;

  constructor(options: TraceExporterOptions) {
    this.#options = options;
  }

  add(build: BuildRecord): void {
    if (this.#state.kind === 'closed') return;
    this.#waiting.push(build);
    if (this.#waiting.length > MAX_WAITING) this.#waiting.shift();
    if (this.#state.kind === 'idle') this.#begin();
  }

  /** Sends what still waits, if that is possible within a second. */
  async close(): Promise<void> {
    const state = this.#state;
    this.#state = { kind: 'closed' };
    const limit = AbortSignal.timeout(LAST_REQUEST_MS);
    if (state.kind === 'pausing') state.cancel();
    if (state.kind === 'sending') await Promise.race([state.done, aborted(limit)]);
    if (this.#waiting.length > 0 && !limit.aborted) await this.#send(limit);
  }

  #begin(): void {
    // Encoding is not for the moment in which the page is told.
    const done = new Promise<void>((resolve) => setImmediate(resolve)).then(() =>
      this.#send(AbortSignal.timeout(this.#options.settings.timeoutMs)),
    );
    this.#state = { kind: 'sending', done: done.then(() => undefined) };
    void done.then((isOver) => this.#next(isOver));
  }

  #next(isOver: boolean): void {
    if (this.#state.kind === 'closed') return;
    if (!isOver) {
      const cancel = this.#options.clock.after(this.#pauseMs, () => this.#begin());
      this.#pauseMs = Math.min(MAX_PAUSE_MS, this.#pauseMs * 2);
      this.#state = { kind: 'pausing', cancel };
      return;
    }
    this.#pauseMs = FIRST_PAUSE_MS;
    if (this.#waiting.length > 0) this.#begin();
    else this.#state = { kind: 'idle' };
  }

  /** Sends what waits; false when it has to be tried again. */
  async #send(signal: AbortSignal): Promise<boolean> {
    const { url, headers } = this.#options.settings;
    const builds = [...this.#waiting];
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'user-agent': `leptos-fast/${ownVersion()}`, ...headers },
        body: JSON.stringify(this.#request(builds)),
        signal,
        redirect: 'error',
      });
      await response.body?.cancel();
      if (!response.ok) this.#trouble(`it answers ${response.status}`);
      if (TRY_AGAIN.has(response.status)) return false;
    } catch (error) {
      this.#trouble(reasonOf(error));
      return false;
    }
    // While it was on its way, the oldest may have had to go.
    for (const build of builds) {
      const index = this.#waiting.indexOf(build);
      if (index >= 0) this.#waiting.splice(index, 1);
    }
    return true;
  }

  #request(builds: readonly BuildRecord[]) {
    const { resource } = this.#options.settings;
    const scope = { name: 'leptos-fast', version: ownVersion() };
    const spans = builds.flatMap(batchSpans);
    return { resourceSpans: [{ resource: { attributes: attributes(resource) }, scopeSpans: [{ scope, spans }] }] };
  }

  #trouble(why: string): void {
    if (this.#isTroubleTold) return;
    this.#isTroubleTold = true;
    this.#options.onTrouble(`traces do not arrive at ${withoutSecrets(this.#options.settings.url)}: ${why}`);
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

/** fetch tells the cause one level below. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  return (cause instanceof Error && cause.message) || code || String(error);
}

/** An address may hold a user's name, a password, and a token as its query. */
function withoutSecrets(url: string): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}

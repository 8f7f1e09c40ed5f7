import kleur from 'kleur';
import { describeFiles } from '../build/batch.js';
import type { Diagnostic, Event } from '../core/events.js';
import { formatMs } from './duration.js';
import { formatError } from './error-block.js';
import { formatTimeOfDay, keepColours } from './format.js';
import { formatConfig } from './format-config.js';

/** A piece of text for people; `error` goes to stderr. */
export interface Piece {
  readonly text: string;
  readonly stream: 'out' | 'error';
}

/** Batches whose build failed never get their last line; so many are kept. */
const KEPT_CHAPTERS = 50;

/** What is known of a batch until its one line is printed. */
interface Chapter {
  readonly files: string;
  readonly parts: string[];
  /** Sides that were not built, and why. */
  readonly skips: Map<string, string>;
  failed: boolean;
  /** Time (ms) from the save until a page showed a patch of it. */
  patchedMs?: number;
  /** Until its content was there, where the wasm came later. */
  contentMs?: number;
}

/**
 * Tells a person what happens, from the events alone: the block when the page is ready, one line per finished batch,
 * the compiler's errors once (both sides report those of shared code), warnings only when they are new.
 */
export class Story {
  readonly #project: string | null;
  readonly #hasKeys: boolean;
  readonly #verbose: boolean;
  readonly #version: string;
  readonly #chapters = new Map<number, Chapter>([
    [0, { files: 'first build', parts: [], skips: new Map(), failed: false }],
  ]);
  readonly #shownWarnings = new Set<string>();
  #shownErrors = new Set<string>();
  #broken = false;
  /** The project itself cannot be read; cargo will say so once more for each side. */
  #manifestIsBroken = false;

  /** `project` is told in each line, where there are several. */
  constructor(options: { verbose: boolean; version: string; keys: boolean; project?: string | null }) {
    this.#project = options.project ?? null;
    this.#hasKeys = options.keys;
    this.#verbose = options.verbose;
    this.#version = options.version;
  }

  /** The pieces to print for one event, often none. */
  tell(event: Event): readonly Piece[] {
    switch (event.event) {
      case 'starting':
        return [out(`\n  ${kleur.bold(`leptos-fast ${this.#version}`)}  ${event.project}  ${kleur.dim(event.mode)}\n`)];
      case 'project-waiting': {
        const when = kleur.dim('built when its page is asked for');
        return [out(`  ${kleur.green('➜')}  ${kleur.bold(event.project)}  ${kleur.cyan(event.url)}  ${when}`)];
      }
      case 'project-wanted': {
        const why = event.why === 'idle' ? 'built ahead: there is nothing else to do' : 'asked for, building';
        return [out(`${this.#stamp(event)}  ${why}`)];
      }
      case 'ready':
        return [out(this.#readyBlock(event))];
      case 'change-batch':
        this.#chapters.set(event.id, {
          files: event.files.length > 0 ? describeFiles(event.files) : event.reason,
          parts: [],
          skips: new Map(),
          failed: false,
        });
        this.#chapters.delete(event.id - KEPT_CHAPTERS);
        this.#shownErrors = new Set();
        this.#manifestIsBroken = false;
        return [];
      case 'syntax-error':
        return [
          out(
            `${this.#stamp(event)}  ${event.file}:${event.line}:${event.column}   ${kleur.yellow('does not parse')}: ${event.message}`,
          ),
        ];
      case 'build-finished':
        return this.#buildFinished(event);
      case 'build-skipped':
        this.#chapters.get(event.batch)?.skips.set(event.side, event.reason);
        return this.#verbose ? [out(`${this.#stamp(event)}  ${event.side} skipped: ${event.reason}`)] : [];
      case 'reloaded': {
        if (!event.contentOnly) return [out(this.#lastLine(event))];
        const chapter = this.#chapters.get(event.batch);
        if (chapter) chapter.contentMs = event.ms;
        return [];
      }
      case 'interactive':
        return [out(this.#lastLine({ ...event, kind: 'full' }))];
      case 'page-error':
        return [{ text: `${this.#stamp(event)}  ${kleur.yellow('in the page')}: ${event.message}`, stream: 'error' }];
      case 'server-exited':
        return [out(`${this.#stamp(event)}  ${kleur.yellow('server exited')}: ${event.reason}`)];
      case 'recovery':
        return [out(`${this.#stamp(event)}  ${kleur.yellow(event.kind)} ${event.attempt}: ${event.why}`)];
      case 'notice':
        return [out(`${this.#stamp(event)}  ${event.message}`)];
      case 'app-output':
        return [{ text: event.line, stream: event.stream === 'stderr' ? 'error' : 'out' }];
      case 'log':
        return this.#verbose || event.level === 'error' ? [out(kleur.dim(`cargo-leptos: ${event.line}`))] : [];
      case 'error':
        this.#manifestIsBroken = event.code.startsWith('LF00');
        return [{ text: formatError({ ...event, exitCode: 3 }).trimEnd(), stream: 'error' }];
      case 'config':
        return [out(formatConfig(event))];
      case 'stopping':
        return [out(`\n  stopping ${kleur.dim(`(${event.waitingFor}; Ctrl-C again forces it)`)}`)];
      case 'patched': {
        const chapter = this.#chapters.get(event.batch);
        if (chapter) chapter.patchedMs = event.ms;
        return [];
      }
      case 'painted':
      case 'build-started':
      case 'build-progress':
      case 'build-stopped':
      case 'step':
      case 'server-started':
      case 'stopped':
        return [];
    }
  }

  #stamp(event: Pick<Event, 'time'>): string {
    const time = kleur.dim(formatTimeOfDay(event.time));
    return this.#project === null ? time : `${time}  ${kleur.cyan(this.#project)}`;
  }

  #readyBlock(event: Extract<Event, { event: 'ready' }>): string {
    const details = [event.mode, event.gate ? 'gate on' : 'no gate', `${event.filesWatched} files watched`].join(' · ');
    return [
      '',
      `  ${kleur.green().bold(`leptos-fast ${this.#version}`)}  ready in ${kleur.bold(formatMs(event.startupMs))}        ${kleur.dim(details)}`,
      '',
      `  ${kleur.green('➜')}  ${kleur.bold('App')}        ${kleur.cyan(event.url)}`,
      `  ${kleur.green('➜')}  ${kleur.bold('Dashboard')}  ${kleur.cyan(event.dashboard ?? 'leptos-fast dashboard')}`,
      ...(this.#hasKeys ? [kleur.dim(`     press ${kleur.bold('h')} for help`)] : []),
      '',
    ].join('\n');
  }

  #buildFinished(event: Extract<Event, { event: 'build-finished' }>): readonly Piece[] {
    const chapter = this.#chapters.get(event.batch);
    const pieces = this.#newDiagnostics(event.diagnostics);
    const isRust = event.side === 'front' || event.side === 'server';
    if (event.ok) {
      if (isRust) chapter?.parts.push(`${event.side} ${formatMs(event.ms)}`);
      return pieces;
    }
    // cargo's own words count where the compiler had none: a manifest, a build script, a download.
    const explained = this.#manifestIsBroken || event.diagnostics.some((diagnostic) => diagnostic.level === 'error');
    if (!explained && event.output !== undefined && !this.#shownErrors.has(event.output)) {
      this.#shownErrors.add(event.output);
      pieces.push({ text: keepColours(event.output), stream: 'error' });
    }
    if (chapter && !chapter.failed) {
      chapter.failed = true;
      this.#broken = true;
      pieces.push(
        out(
          `${this.#stamp(event)}  ${chapter.files}   ${kleur.red(this.#manifestIsBroken ? 'nothing can be built' : summary(event.diagnostics, event.side))}`,
        ),
      );
    }
    return pieces;
  }

  #newDiagnostics(diagnostics: readonly Diagnostic[]): Piece[] {
    const pieces: Piece[] = [];
    for (const diagnostic of diagnostics) {
      const shown = diagnostic.level === 'error' ? this.#shownErrors : this.#shownWarnings;
      if (shown.has(diagnostic.rendered)) continue;
      shown.add(diagnostic.rendered);
      pieces.push({ text: `${keepColours(diagnostic.rendered)}\n`, stream: 'error' });
    }
    return pieces;
  }

  #lastLine(event: Pick<Extract<Event, { event: 'reloaded' }>, 'batch' | 'kind' | 'ms' | 'time'>): string {
    const chapter = this.#chapters.get(event.batch);
    this.#chapters.delete(event.batch);
    const how = {
      full: howFull(chapter ?? {}, event.ms),
      style: `stylesheet swapped in ${formatMs(event.ms)}`,
      assets: `assets copied in ${formatMs(event.ms)}`,
      none: `the same as before in ${formatMs(event.ms)}, nothing to reload`,
    }[event.kind];
    const mended = this.#broken ? `${kleur.green('mended')}  ` : '';
    this.#broken = false;
    if (event.kind === 'none' && chapter && chapter.parts.length === 0 && chapter.skips.size > 0) {
      const why = [...new Set(chapter.skips.values())].join('; ');
      return `${this.#stamp(event)}  ${chapter.files}   ${mended}nothing to build${kleur.dim(`   ${why}`)}`;
    }
    const details = chapter ? [...new Set(chapter.parts), ...skipped(chapter.skips)].join(', ') : '';
    return `${this.#stamp(event)}  ${chapter?.files ?? ''}   ${mended}${how}${details === '' ? '' : kleur.dim(`   ${details}`)}`;
  }
}

function howFull({ patchedMs, contentMs }: Pick<Chapter, 'patchedMs' | 'contentMs'>, ms: number): string {
  if (patchedMs !== undefined) return `on the page in ${formatMs(patchedMs)}, rebuilt in ${formatMs(ms)}`;
  if (contentMs !== undefined) return `content in ${formatMs(contentMs)}, interactive in ${formatMs(ms)}`;
  return `on the page in ${formatMs(ms)}`;
}

const out = (text: string): Piece => ({ text, stream: 'out' });

/** `front skipped (only the body of load_items changed)`. */
function skipped(skips: ReadonlyMap<string, string>): string[] {
  return [...skips].map(([side, why]) => `${side} skipped (${why})`);
}

/** `error[E0308] mismatched types, src/app.rs:41:9 (and 2 more)`. */
function summary(diagnostics: readonly Diagnostic[], side: string): string {
  const errors = diagnostics.filter((diagnostic) => diagnostic.level === 'error');
  const [first] = errors;
  if (!first) return `the ${side} build failed`;
  const code = first.code === null ? '' : `[${first.code}]`;
  const place = first.file === null ? '' : `, ${first.file}:${first.line}:${first.column}`;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  return `error${code} ${first.message}${place}${more}`;
}

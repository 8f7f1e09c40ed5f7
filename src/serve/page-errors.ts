import { resolve } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { Diagnostic, Event, RustSide } from '../core/events.js';
import { editorUrl } from './editor.js';
import type { PageError } from './page-protocol.js';

/** So many lines of a server's last words are shown. */
const LAST_WORDS = 40;
/** A broken macro can bring thousands. */
const MAX_ERRORS = 50;

type Of<Name extends Event['event']> = Extract<Event, { event: Name }>;

/** What stands between the newest sources and the page, from the events alone: forgotten when it is mended. */
export class PageErrors {
  readonly #root: string;
  readonly #builds = new Map<RustSide, readonly PageError[]>();
  /** Files that do not parse, and manifests that cannot be read: true until the next save. */
  #beforeBuild: readonly PageError[] = [];
  #server: PageError | null = null;
  #lastWords: string[] = [];
  #warnings = new Map<RustSide, number>();

  /** @param root the workspace's folder, absolute */
  constructor(root: string) {
    this.#root = root;
  }

  /** The errors, first the ones to mend first; those that both sides report once. */
  get list(): readonly PageError[] {
    const merged = new Map<string, PageError>();
    for (const error of [...this.#builds.values()].flat()) {
      const known = merged.get(error.rendered);
      merged.set(error.rendered, known ? { ...known, sides: [...known.sides, ...error.sides] } : error);
    }
    const builds = [...merged.values()];
    // cargo repeats what is wrong with a manifest or a file that does not parse.
    const all = builds.some(({ place }) => place) || this.#beforeBuild.length === 0 ? builds : this.#beforeBuild;
    return [...all, ...(this.#server ? [this.#server] : [])].slice(0, MAX_ERRORS);
  }

  /** For people: what is wrong on the whole. */
  get title(): string {
    if (this.#beforeBuild.length > 0 && this.#builds.size === 0) return 'Nothing can be built yet';
    if (this.#builds.size > 0) return 'The build failed';
    return 'The server ended';
  }

  get warnings(): number {
    return Math.max(0, ...this.#warnings.values());
  }

  /** Takes note of an event; true when the list may be another one now. */
  on(event: Event): boolean {
    switch (event.event) {
      case 'change-batch':
        return this.#forgetBeforeBuild();
      case 'syntax-error':
        this.#beforeBuild = [...this.#beforeBuild, this.#syntaxError(event)];
        return true;
      case 'error':
        // The project cannot be read, or there is no way on; other errors have nothing to do with the page.
        if (!/^LF0(0|50)/.test(event.code)) return false;
        this.#beforeBuild = [...this.#beforeBuild, this.#ownError(event)];
        return true;
      case 'build-finished':
        return (event.side === 'front' || event.side === 'server') && this.#onBuild({ ...event, side: event.side });
      case 'build-skipped':
        // The edit that broke it was undone.
        return (event.side === 'front' || event.side === 'server') && this.#builds.delete(event.side);
      case 'app-output':
        this.#lastWords = [...this.#lastWords, event.line].slice(-LAST_WORDS);
        return false;
      case 'server-exited':
        this.#server = serverError(event.reason, this.#lastWords);
        return true;
      case 'server-started': {
        const wasDown = this.#server !== null;
        this.#server = null;
        this.#lastWords = [];
        return wasDown;
      }
      default:
        return false;
    }
  }

  #forgetBeforeBuild(): boolean {
    const had = this.#beforeBuild.length > 0;
    this.#beforeBuild = [];
    return had;
  }

  #onBuild(event: Of<'build-finished'> & { readonly side: RustSide }): boolean {
    const { side, ok, diagnostics, output } = event;
    this.#warnings.set(side, diagnostics.filter(({ level }) => level === 'warning').length);
    if (ok) {
      this.#forgetBeforeBuild();
      return this.#builds.delete(side);
    }
    const errors = diagnostics.filter(({ level }) => level === 'error').map((found) => this.#compileError(found, side));
    this.#builds.set(side, errors.length > 0 ? errors : [buildError(side, output ?? '')]);
    return true;
  }

  #compileError({ code, message, rendered, file, line, column }: Diagnostic, side: RustSide): PageError {
    const place = file === null || line === null ? null : { file, line, column: column ?? 1 };
    return {
      label: code === null ? 'error' : `error[${code}]`,
      message,
      rendered,
      sides: [side],
      place,
      editorUrl: this.#url(place),
    };
  }

  #syntaxError({ file, line, column, message }: Of<'syntax-error'>): PageError {
    const place = { file, line, column };
    return { label: 'does not parse', message, rendered: message, sides: [], place, editorUrl: this.#url(place) };
  }

  #ownError({ code, message, why, help, where }: Of<'error'>): PageError {
    const place = where?.line === undefined ? null : { file: where.file, line: where.line, column: where.column ?? 1 };
    const rendered = [message, ...(why === undefined ? [] : [why]), ...help.map((line) => `help: ${line}`)].join('\n');
    return { label: `error[${code}]`, message, rendered, sides: [], place, editorUrl: this.#url(place) };
  }

  #url(place: PageError['place']): string | null {
    return place && editorUrl({ ...place, file: resolve(this.#root, place.file) });
  }
}

/** cargo's own words, where the compiler had none: a manifest, a build script, a download. */
function buildError(side: RustSide, output: string): PageError {
  const lines = output.split('\n').map((line) => stripVTControlCharacters(line));
  const message = lines.find((line) => line.startsWith('error')) ?? lines.find((line) => line !== '') ?? 'no message';
  return {
    label: 'error',
    message: message.replace(/^error: /, ''),
    rendered: output,
    sides: [side],
    place: null,
    editorUrl: null,
  };
}

function serverError(reason: string, lastWords: readonly string[]): PageError {
  const panic = lastWords.find((line) => / panicked at /.test(line));
  return {
    label: panic === undefined ? 'server' : 'panic',
    message: panic === undefined ? reason : stripVTControlCharacters(panic),
    rendered: lastWords.length === 0 ? `${reason}; it said nothing` : lastWords.join('\n'),
    sides: ['server'],
    place: null,
    editorUrl: null,
  };
}

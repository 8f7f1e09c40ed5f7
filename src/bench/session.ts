import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BrowserPage } from './browser.js';
import { CountingCargo } from './counting-cargo.js';
import type { Edit, Sign, Step } from './edits.js';
import type { Measurement, Outcome } from './results.js';
import type { Metric } from './scenarios.js';
import { Site } from './site.js';
import { ToolProcess } from './tool-process.js';
import { TreeWatch } from './tree-watch.js';

/** Patience with a tool. Times in ms. */
export interface Patience {
  /** The first page, when everything has to be compiled on a slow machine. */
  readonly start: number;
  /** An edit. */
  readonly edit: number;
  /** Nothing runs that could still bring what is waited for: of an edit, and of a start, before which tools look around. */
  readonly idle: number;
  readonly startIdle: number;
  /** No build within this time after a save: none comes any more. */
  readonly noBuild: number;
  /** Nothing built and no process come or gone for so long: at rest. */
  readonly rest: number;
}

export const PATIENCE: Patience = {
  start: 3_600_000,
  edit: 300_000,
  idle: 20_000,
  startIdle: 120_000,
  noBuild: 3_000,
  rest: 1_000,
};

/** Between two saves of a burst, in ms. */
const BURST_MS = 100;
/** Waiting is looked at more rarely the longer it lasts: the error stays below two hundredths of what is measured. */
const LOOK_SHARE = 1 / 50;
const LOOK_LEAST_MS = 10;
const LOOK_MOST_MS = 250;

export interface SessionOptions {
  readonly command: readonly [string, ...string[]];
  readonly env: NodeJS.ProcessEnv;
  /** The project's folder. */
  readonly dir: string;
  /** Where the site has its wasm and stylesheet (absolute), and where they are served. */
  readonly pkg: { readonly folder: string; readonly path: string };
  /** What the first page has on it; null: any page that is no error counts. */
  readonly pageText: string | null;
  readonly port: number;
  /** The real cargo (absolute). */
  readonly cargo: string;
  /** For the counting cargo. */
  readonly scratch: string;
  readonly log: string;
  /** Tells the processes of this session from all others. */
  readonly mark: string;
  readonly patience: Patience;
  readonly signal: AbortSignal;
  readonly nextNumber: () => number;
  /** A Chromium in which edits are waited for to be painted; null without. */
  readonly browser: string | null;
}

/** What a measurement is without where it belongs. */
export type Measured = Pick<Measurement, 'outcomes' | 'cpuSeconds' | 'peakBytes' | 'builds'>;

/** One start of a tool, and the edits until it is ended. Waiting throws the signal's reason when it is aborted. */
export class Session {
  readonly #options: SessionOptions;
  readonly #site: Site;
  readonly #cargo: CountingCargo;
  readonly #tool: ToolProcess;
  readonly #watch: TreeWatch;
  readonly #startedAt: number;
  #page: BrowserPage | null = null;
  /** Why there is no page to look at, or none any more. */
  #browserProblem: string | null = null;

  private constructor(options: SessionOptions, cargo: CountingCargo) {
    this.#options = options;
    this.#site = new Site(options.port);
    this.#cargo = cargo;
    this.#startedAt = Date.now();
    this.#tool = new ToolProcess({
      command: options.command,
      cwd: options.dir,
      env: { ...options.env, PATH: `${cargo.folder}:${options.env.PATH ?? ''}` },
      mark: options.mark,
      log: options.log,
    });
    this.#watch = new TreeWatch(this.#tool.pid);
  }

  /** Starts the tool; `open` then waits for the page. */
  static async start(options: SessionOptions): Promise<Session> {
    return new Session(options, await CountingCargo.create(options.scratch, options.cargo));
  }

  get isRunning(): boolean {
    return this.#tool.isRunning;
  }

  /** For people: how the tool ended. */
  get ending(): string {
    return this.#tool.ending;
  }

  /** Waits for the first page, and until the tool is at rest. */
  async open(): Promise<Measured> {
    const { pageText, patience } = this.#options;
    await this.#watch.start();
    const isThere = async (): Promise<boolean> => {
      const answer = await this.#site.get('', this.#options.signal);
      return answer !== null && answer.status < 400 && (pageText === null || answer.body.includes(pageText));
    };
    const page = await this.#until(isThere, this.#startedAt, patience.start, patience.startIdle);
    await this.#rest();
    const used = await this.#used(0);
    if (page.kind === 'time') await this.#openBrowser();
    return { outcomes: { page }, ...used };
  }

  /** Makes an edit, waits until it is seen, and until the tool is at rest. */
  async measure(edit: Edit): Promise<Measured> {
    await this.#watch.mark();
    const builds = await this.#cargo.count();
    const outcomes: Partial<Record<Metric, Outcome>> = {};
    for (const [index, step] of edit.steps.entries()) {
      await this.#makeStep(edit, step, index === 0 ? edit.saves : 1, outcomes);
      await this.#rest();
      if (!this.#tool.isRunning) break;
    }
    return { outcomes, ...(await this.#used(builds)) };
  }

  /** Ends the tool as Ctrl-C does. Resolves with what deserves a note. */
  async stop(): Promise<readonly string[]> {
    this.#watch.stop();
    await this.#page?.close();
    return this.#tool.stop();
  }

  async kill(): Promise<void> {
    this.#watch.stop();
    await Promise.all([this.#page?.close(), this.#tool.kill()]);
  }

  /** The wasm that the site serves; null when there is none. */
  async wasm(): Promise<Buffer | null> {
    const file = await this.#newest('.wasm');
    const answer = file && (await this.#site.get(file.path, this.#options.signal));
    return answer ? answer.body : null;
  }

  /** The first page; null when there is none. */
  async page(): Promise<string | null> {
    return (await this.#site.get('', this.#options.signal))?.body.toString('utf8') ?? null;
  }

  async #openBrowser(): Promise<void> {
    const { browser, scratch, env, signal } = this.#options;
    if (browser === null) return;
    try {
      this.#page = await BrowserPage.open(browser, join(scratch, 'browser'), this.#site.url, env);
    } catch (error) {
      this.#browserProblem = error instanceof Error ? error.message : String(error);
    }
    signal.throwIfAborted();
  }

  async #want(text: string): Promise<void> {
    try {
      await this.#page?.want(text);
    } catch (error) {
      this.#browserProblem = error instanceof Error ? error.message : String(error);
    }
  }

  /** Waits until the page in the browser shows it; an asset is on no page. */
  async #painted(sign: Sign, savedAt: number): Promise<Outcome | null> {
    const page = this.#page;
    if (sign.kind !== 'style' && (sign.kind !== 'content' || sign.path !== '')) return null;
    if (this.#browserProblem !== null) return { kind: 'failed', why: this.#browserProblem };
    if (!page) return null;
    const { edit, idle } = this.#options.patience;
    const isPainted = (): Promise<boolean> => Promise.resolve(page.paintedAt(sign.text) !== null);
    const seen = await this.#until(isPainted, savedAt, edit, idle);
    const at = page.paintedAt(sign.text);
    return at === null ? seen : { kind: 'time', ms: Math.max(0, at - savedAt) };
  }

  async #makeStep(edit: Edit, step: Step, saves: number, outcomes: Partial<Record<Metric, Outcome>>): Promise<void> {
    const { dir, nextNumber, patience, signal } = this.#options;
    const path = join(dir, edit.file);
    const said = this.#tool.position;
    const builds = await this.#cargo.count();
    const wasm = await this.#newest('.wasm');
    let n = nextNumber();
    let savedAt = Date.now();
    for (let save = 0; save < saves; save++) {
      if (save > 0) {
        n = nextNumber();
        await sleep(BURST_MS, undefined, { signal });
      }
      const text = step.change(await readFile(path, 'utf8'), n);
      const wanted = step.sign(n);
      if (save === saves - 1 && 'text' in wanted) await this.#want(wanted.text);
      savedAt = Date.now();
      await writeFile(path, text);
    }
    const sign = step.sign(n);
    if (sign.kind === 'rest') {
      outcomes[step.metric] = await this.#atRest(savedAt, builds);
      return;
    }
    const text = step.wasmText(n);
    // Both at once: the wasm may be there before the page is.
    const [content, ready, painted] = await Promise.all([
      this.#until(() => this.#shows(sign, said), savedAt, patience.edit, patience.idle),
      text === null ? null : this.#until(this.#wasmHas(text, wasm), savedAt, patience.edit, patience.idle),
      this.#painted(sign, savedAt),
    ]);
    outcomes[step.metric] = content;
    if (step.metric !== 'content') return;
    if (ready) outcomes.wasm = ready;
    if (painted) outcomes.painted = painted;
  }

  async #shows(sign: Exclude<Sign, { kind: 'rest' }>, said: number): Promise<boolean> {
    switch (sign.kind) {
      case 'content': {
        const answer = await this.#site.get(sign.path, this.#options.signal);
        return answer?.body.includes(sign.text) ?? false;
      }
      case 'style': {
        const file = await this.#newest('.css');
        const answer = file && (await this.#site.get(file.path, this.#options.signal));
        return answer?.body.includes(sign.text) ?? false;
      }
      case 'diagnostics':
        return new RegExp(`${sign.file.replaceAll(/[.\\]/g, '\\$&')}:\\d+`).test(this.#tool.saidSince(said));
    }
  }

  /** Asks for the wasm only when its file has changed: it may have hundreds of megabytes. */
  #wasmHas(text: string, before: SiteFile | null): () => Promise<boolean> {
    let looked = before?.version ?? '';
    return async () => {
      const file = await this.#newest('.wasm');
      if (!file || file.version === looked) return false;
      const answer = await this.#site.get(file.path, this.#options.signal);
      if (answer?.body.includes(text)) return true;
      // A server that restarts does not answer, and a file that is being written is read in part: then it is asked for again.
      const isWhole = answer !== null && answer.status < 400 && (await this.#newest('.wasm'))?.version === file.version;
      if (isWhole) looked = file.version;
      return false;
    };
  }

  /** The file of a kind in the site's `pkg` folder that was written last. */
  async #newest(extension: string): Promise<SiteFile | null> {
    const { folder, path } = this.#options.pkg;
    const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(extension));
    const files = await Promise.all(
      names.map(async (name) => {
        const facts = await stat(join(folder, name)).catch(() => null);
        if (!facts) return [];
        return [{ path: `${path}/${name}`, at: facts.mtimeMs, version: `${name} ${facts.mtimeMs} ${facts.size}` }];
      }),
    );
    return files.flat().sort((a, b) => b.at - a.at)[0] ?? null;
  }

  /** What a save does that changes nothing: no build, or so and so long until all is quiet again. */
  async #atRest(savedAt: number, buildsBefore: number): Promise<Outcome> {
    const { patience, signal } = this.#options;
    const end = savedAt + patience.noBuild;
    while ((await this.#cargo.count()) === buildsBefore) {
      if (Date.now() > end) return { kind: 'no-build' };
      if (!this.#tool.isRunning) return { kind: 'failed', why: `the tool ${this.#tool.ending}` };
      await sleep(LOOK_MOST_MS, undefined, { signal });
    }
    await this.#watch.look();
    const isQuiet = await this.#rest();
    if (!isQuiet) return { kind: 'failed', why: 'it never came to rest' };
    return { kind: 'time', ms: Math.max(0, this.#watch.activeAt - savedAt) };
  }

  /** Waits until nothing is built any more and no process comes or goes; false when that takes too long. */
  async #rest(): Promise<boolean> {
    const { patience, signal } = this.#options;
    const from = Date.now();
    while (this.#tool.isRunning && Date.now() - Math.max(from, this.#watch.activeAt) < patience.rest) {
      if (Date.now() - from > patience.edit) return false;
      await sleep(LOOK_MOST_MS / 2, undefined, { signal });
    }
    return true;
  }

  async #used(buildsBefore: number): Promise<Omit<Measured, 'outcomes'>> {
    if (this.#tool.isRunning) await this.#watch.look();
    const builds = (await this.#cargo.count()) - buildsBefore;
    return { cpuSeconds: this.#watch.cpuSinceMark, peakBytes: this.#watch.peakBytes, builds };
  }

  /** Looks again and again. Fails when time is up, the tool has ended, or nothing is under way any more. */
  async #until(look: () => Promise<boolean>, from: number, limit: number, idle: number): Promise<Outcome> {
    const { signal } = this.#options;
    for (;;) {
      if (await look()) return { kind: 'time', ms: Date.now() - from };
      signal.throwIfAborted();
      const now = Date.now();
      if (!this.#tool.isRunning) return { kind: 'failed', why: `the tool ${this.#tool.ending}` };
      if (now - from > limit) return { kind: 'failed', why: `not seen within ${Math.round(limit / 1_000)} s` };
      if (now - Math.max(from, this.#watch.activeAt) > idle) {
        return { kind: 'failed', why: `not seen; nothing was under way for ${idle / 1_000} s` };
      }
      await sleep(Math.min(LOOK_MOST_MS, Math.max(LOOK_LEAST_MS, (now - from) * LOOK_SHARE)), undefined, { signal });
    }
  }
}

interface SiteFile {
  /** Below the site's root. */
  readonly path: string;
  readonly at: number;
  /** Another one whenever it was written. */
  readonly version: string;
}

import { appendFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Browser } from 'playwright-core';
import type { Variant } from '../variants/variant.js';
import { Activity } from './activity.js';
import { App } from './app.js';
import { Tab } from './browser.js';
import { BuildCounter } from './builds.js';
import { BIN, LOGS, REPO, TARGET } from './places.js';
import { freePort, isTaken } from './ports.js';
import { describe, isAlive, MARKER, markedProcesses, type Process, signal } from './processes.js';
import { Site } from './site.js';
import { Tool, type ToolCommand } from './tool.js';
import { Failed, sleep, until } from './wait.js';

/** How long the first page may take, in seconds: the app's own crates are compiled, its dependencies are there. */
const START_LIMIT_S = 180;
/** How long a tool may take to end before it is killed; cargo-leptos gives the server 10 s. */
const STOP_LIMIT_MS = 15_000;
/** How long its processes may take to be gone after it. */
const GONE_LIMIT_MS = 3_000;
/** Compiling so long (processor time in ms), rustc has read all the sources of a small crate. */
const SOURCES_READ_MS = 500;
/**
 * Nothing saved, nothing started, nothing built for so long: what is waited for does not come any more. Longer than the
 * 15 s that the slowest server of the scenarios needs to boot.
 */
const IDLE_LIMIT_MS = 20_000;
/** How often the processes are looked at for it: each look reads all of /proc. */
const IDLE_LOOK_EVERY_MS = 1_000;

/** How cargo and leptos-fast say that they wait for another cargo: its time is not the tool's. */
const LOCK_HELD = /waiting for file lock on (build|artifact) directory|holds the file lock on (build|artifact)/;

export interface SceneOptions {
  readonly tool: ToolCommand;
  readonly variant: Variant;
  /** How long (s) a person would wait for the end state after the last save. */
  readonly limit: number;
  /** The app lies on a file system that raises no events; the tool polls if it can. */
  readonly withoutEvents: boolean;
  readonly browser: Browser;
  readonly realCargo: string;
  /** Name of the log file. */
  readonly label: string;
  readonly marker: string;
  readonly onStep: (what: string) => void;
}

/** What a scenario has in its hands: the app, the tool, the page and the ways to look at them from outside. */
export class Scene {
  readonly #options: SceneOptions;
  readonly #log: string;
  readonly #cleanUps: (() => void)[] = [];
  readonly app: App;
  readonly site: Site;
  readonly tab: Tab;
  readonly builds: BuildCounter;
  readonly sitePort: number;
  readonly reloadPort: number;
  #tool: Tool | null = null;
  /** What is shown as the scenario's time: from the last save to the end state, in seconds. */
  seconds: number | null = null;

  private constructor(options: SceneOptions, sitePort: number, reloadPort: number, tab: Tab) {
    this.#options = options;
    this.#log = join(LOGS, `${options.label}.log`);
    writeFileSync(this.#log, '');
    this.app = new App(options.variant, options.realCargo, options.withoutEvents);
    this.builds = new BuildCounter(join(LOGS, `${options.label}.builds`), options.realCargo);
    this.sitePort = sitePort;
    this.reloadPort = reloadPort;
    this.site = new Site(sitePort);
    this.tab = tab;
  }

  /** Lays a fresh app and opens an empty tab. */
  static async create(options: SceneOptions): Promise<Scene> {
    return new Scene(options, await freePort(), await freePort(), await Tab.create(options.browser));
  }

  get tool(): Tool {
    if (!this.#tool) throw new Error('the scenario has not started the tool');
    return this.#tool;
  }

  /** Notes what happens, for the terminal and the log. */
  step(what: string): void {
    this.#options.onStep(what);
    appendFileSync(this.#log, `\n=== ${new Date().toISOString()} ${what}\n`);
  }

  /** Starts the tool and waits for the first page. `env` wins over the suite's variables. */
  async start(env: NodeJS.ProcessEnv = {}): Promise<void> {
    this.startTool(env);
    await this.firstPage();
  }

  /** Starts the tool and waits for nothing. */
  startTool(env: NodeJS.ProcessEnv = {}): void {
    const { tool, withoutEvents, marker } = this.#options;
    this.step(`start ${tool.name}`);
    const path = [BIN, process.env.PATH ?? '', join(REPO, 'node_modules/.bin')].join(delimiter);
    this.#tool = new Tool(
      [...tool.command, ...(withoutEvents ? tool.pollArgs : [])],
      this.app.projectDir,
      {
        ...process.env,
        PATH: path,
        CARGO_TARGET_DIR: TARGET,
        LEPTOS_SITE_ADDR: `127.0.0.1:${this.sitePort}`,
        LEPTOS_RELOAD_PORT: String(this.reloadPort),
        [MARKER]: marker,
        ...this.builds.env,
        ...env,
      },
      this.#log,
    );
  }

  /** Waits until the first page stands, opens it in the tab and waits until it is hydrated. */
  async firstPage(site: Site = this.site): Promise<void> {
    this.step('wait for the first page');
    const startedAt = Date.now();
    const deadline = startedAt + START_LIMIT_S * 1_000;
    const seconds = (): string => `${Math.round((Date.now() - startedAt) / 1_000)} s`;
    await this.until(
      async () => (await site.serverText()) !== null,
      () => `no first page after ${seconds()}`,
      deadline,
    );
    await this.tab.visit(site.url, START_LIMIT_S * 1_000);
    await this.until(
      async () => (await this.tab.wasmText()) === (await site.serverText()),
      () => `the first page was not hydrated after ${seconds()}`,
      deadline,
    );
  }

  /**
   * Waits until the page from the server and the wasm in the open tab both show `text`, without touching anything.
   * What it took from the last save is the scenario's time.
   */
  async arrives(text: string, { site = this.site, limit = this.#options.limit } = {}): Promise<void> {
    this.step(`wait for "${text}" on the page and in the wasm`);
    let server: string | null = null;
    let wasm: string | null = null;
    await this.until(
      async () => {
        server = await site.serverText();
        wasm = await this.tab.wasmText();
        return server === text && wasm === text;
      },
      async () => {
        const waited = Math.round((Date.now() - this.app.lastSave) / 1_000);
        const told = `${waited} s after the save: the server renders ${quote(server)}, the open tab's wasm shows ${quote(wasm)}`;
        if (server !== text) return `${told} instead of "${text}"`;
        return `${told} instead of "${text}"${(await this.#reloadHelps(text, site)) ? '; a reload by hand shows it' : ''}`;
      },
      this.app.lastSave + limit * 1_000,
    );
    this.took();
  }

  /** Ends the measured time now. */
  took(): void {
    this.seconds = (Date.now() - this.app.lastSave) / 1_000;
  }

  /**
   * Waits for a condition; the scenario fails at the deadline (default: its limit after the last save), when the tool
   * ends, or when nothing has been under way for a while.
   */
  until<T>(
    look: () => Promise<T | null | false> | T | null | false,
    reason: () => string | Promise<string>,
    deadline: number = this.app.lastSave + this.#options.limit * 1_000,
  ): Promise<T> {
    const from = Date.now();
    const activity = new Activity();
    let lookAt = from;
    const looked = async (): Promise<T | null | false> => {
      this.stillRuns();
      const seen = await look();
      const now = Date.now();
      if (now < lookAt || (seen !== null && seen !== false)) return seen;
      lookAt = now + IDLE_LOOK_EVERY_MS;
      const since = Math.max(from, this.app.lastSave, activity.look(this.processes(), now));
      if (now - since > IDLE_LIMIT_MS)
        throw new Failed(`${await reason()} (nothing was under way for ${IDLE_LIMIT_MS / 1_000} s)`);
      return seen;
    };
    return until(deadline, looked, reason);
  }

  /** Fails when the tool has ended. */
  stillRuns(): void {
    if (!this.tool.isRunning) throw new Failed(`the tool ${this.tool.ending}: ${this.tool.lastWords}`);
  }

  /** Waits until a person reads all of these words in the terminal, somewhere after `mark`. */
  async tells(words: readonly RegExp[], mark: number): Promise<void> {
    this.step(`wait for the tool to say ${words.join(' and ')}`);
    await this.until(
      () => words.every((word) => word.test(this.tool.said(mark))),
      () => `the tool has not said ${words.join(' and ')}; its last words: ${this.tool.lastWords}`,
    );
  }

  /** Fails when a build is started within `seconds`: it is the absence that must be seen, so the time is spent. */
  async noBuildFor(seconds: number, why: string): Promise<void> {
    this.step(`watch for ${seconds} s that nothing is built`);
    const from = Date.now();
    await sleep(seconds * 1_000);
    const { front, server, told } = this.builds.count(from);
    if (front + server > 0) throw new Failed(`builds were started ${why}: ${told}`);
  }

  /** Waits until rustc is in the middle of the app's crate, its sources read. */
  async compiling(side: 'front' | 'server' | 'both', from = this.app.lastSave): Promise<void> {
    this.step(`wait for the middle of a build (${side})`);
    const sides = side === 'both' ? (['front', 'server'] as const) : [side];
    const deadline = Date.now() + START_LIMIT_S * 1_000;
    const pending = new Set(sides);
    await this.until(
      () => {
        for (const one of pending) if (this.#isCompiling(one)) pending.delete(one);
        return pending.size === 0;
      },
      () => `no rustc was seen at work; builds started: ${this.builds.count(from).told}`,
      deadline,
    );
  }

  /** All processes of this scenario's tool. */
  processes(): Process[] {
    return markedProcesses(this.#options.marker);
  }

  /** The app's own server. */
  server(): Process | null {
    return this.processes().find(({ program }) => program === this.#options.variant.bin) ?? null;
  }

  /** Something to undo at the end, whatever happens. */
  onEnd(cleanUp: () => void): void {
    this.#cleanUps.push(cleanUp);
  }

  /** Ctrl-C; waits until the tool has ended. */
  async interrupt(): Promise<void> {
    this.step('Ctrl-C');
    this.tool.interrupt();
    await Promise.race([this.tool.exited, sleep(STOP_LIMIT_MS)]);
  }

  /** SIGKILL to the tool's own process, as the system's out-of-memory killer sends it. */
  async kill(): Promise<void> {
    this.step('SIGKILL the tool');
    const { process: self } = this.tool;
    if (self) signal(self, 'SIGKILL');
    await this.tool.exited;
  }

  /** What is left of the tool: processes, taken ports. Empty when all is gone. */
  async leftBehind(): Promise<string> {
    const processes = this.processes();
    const ports: number[] = [];
    for (const port of [this.sitePort, this.reloadPort]) if (await isTaken(port)) ports.push(port);
    const parts = [
      ...(processes.length > 0 ? [`processes ${describe(processes)}`] : []),
      ...(ports.length > 0 ? [`ports ${ports.join(', ')}`] : []),
    ];
    return parts.join('; ');
  }

  /** Stops the tool as a person does and takes everything away. Returns what deserves a note. */
  async end(): Promise<string[]> {
    const notes = [...new Set(this.tab.errors)].slice(0, 3).map((error) => `in the page: ${error}`);
    if (LOCK_HELD.test(this.#tool?.said() ?? '')) notes.push('another cargo held the lock of the target directory');
    await this.tab.close();
    for (const cleanUp of this.#cleanUps) cleanUp();
    if (this.#tool?.isRunning) {
      await this.interrupt();
      if (this.#tool.isRunning) notes.push(`did not end within ${STOP_LIMIT_MS / 1_000} s after Ctrl-C`);
    }
    const deadline = Date.now() + GONE_LIMIT_MS;
    while (this.processes().length > 0 && Date.now() < deadline) await sleep(50);
    const left = this.processes();
    if (left.length > 0) notes.push(`left behind: ${describe(left)}`);
    await killAll(left);
    this.app.close();
    return notes;
  }

  /** For an interrupted suite: kills all at once. */
  async abandon(): Promise<void> {
    await killAll(this.processes());
    for (const cleanUp of this.#cleanUps) cleanUp();
    this.app.close();
  }

  #isCompiling(side: 'front' | 'server'): boolean {
    return this.processes().some(({ program, args, cpuMs }) => {
      if (program !== 'rustc' || cpuMs < SOURCES_READ_MS) return false;
      const isWasm = args.some((arg) => arg.includes('wasm32'));
      return args[args.indexOf('--crate-name') + 1] === this.app.name && isWasm === (side === 'front');
    });
  }

  async #reloadHelps(text: string, site: Site): Promise<boolean> {
    await this.tab.visit(site.url, 5_000);
    for (let tries = 0; tries < 40; tries += 1) {
      if ((await this.tab.wasmText()) === text) return true;
      await sleep(100);
    }
    return false;
  }
}

/** Kills exactly these processes and waits until they are gone. */
export async function killAll(processes: readonly Process[]): Promise<void> {
  for (const process of processes) signal(process, 'SIGKILL');
  const deadline = Date.now() + 5_000;
  while (processes.some(isAlive) && Date.now() < deadline) await sleep(20);
}

function quote(text: string | null): string {
  return text === null ? 'nothing' : JSON.stringify(text);
}

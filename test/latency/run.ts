import { writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import type { Browser } from 'playwright-core';
import { findRealCargo } from '../scenarios/campaign.js';
import { oneAtATime } from '../scenarios/driver/one-at-a-time.js';
import { makePlaces } from '../scenarios/driver/places.js';
import type { Scene } from '../scenarios/driver/scene.js';
import { takeSnapshot } from '../scenarios/driver/snapshot.js';
import type { ToolCommand } from '../scenarios/driver/tool.js';
import { Failed } from '../scenarios/driver/wait.js';
import { describeMachine, describeTool } from '../scenarios/report/machine.js';
import { CARGO_LEPTOS, LEPTOS_FAST } from '../scenarios/tools.js';
import { launchBrowser } from '../support/chromium.js';
import { type Arguments, HOT_RELOAD } from './arguments.js';
import { runBlock } from './block.js';
import type { Kind } from './kinds.js';
import { toMarkdown } from './markdown.js';
import { bundleProbe } from './page-bundle.js';
import { type Edit, keep, type Run, readRun } from './results.js';

/** Runs the tools in turn, block by block, and keeps every edit. Resolves with the exit code: 1 when one was not seen. */
export async function runLatency(options: Arguments, command: string): Promise<number> {
  makePlaces();
  const release = await oneAtATime();
  try {
    // A run takes long, and someone may build in between.
    if (options.tools.includes(LEPTOS_FAST)) takeSnapshot();
    const browser = await launchBrowser();
    try {
      const run = new LatencyRun(options, command, browser);
      process.once('SIGINT', () => void run.abandon().then(() => leave(release)));
      process.once('SIGTERM', () => void run.abandon().then(() => leave(release)));
      return await run.play();
    } finally {
      await browser.close();
    }
  } finally {
    release();
  }
}

function leave(release: () => void): void {
  release();
  process.exit(130);
}

class LatencyRun {
  readonly #options: Arguments;
  readonly #browser: Browser;
  readonly #run: Run;
  #scene: Scene | null = null;
  #number = 0;
  #abandoned = false;

  constructor(options: Arguments, command: string, browser: Browser) {
    this.#options = options;
    this.#browser = browser;
    const now = new Date().toISOString();
    const versions = options.tools.map((tool) => describeTool(tool === HOT_RELOAD ? CARGO_LEPTOS : tool));
    const before = options.resume && options.json !== null ? readRun(options.json) : null;
    this.#number = Math.max(0, ...(before?.edits ?? []).map(({ n }) => n));
    this.#run = before ?? {
      machine: describeMachine(browser.version()),
      versions: [],
      command,
      startedAt: now,
      endedAt: now,
      loadAtStart: loadavg(),
      loadAtEnd: loadavg(),
      edits: [],
    };
    this.#run.versions = [...new Set([...this.#run.versions, ...versions])];
  }

  async play(): Promise<number> {
    const { tools, edits, block, minutes } = this.#options;
    const targets: number[] = [];
    for (let target = block; target < edits + block; target += block) targets.push(Math.min(target, edits));
    const turns = targets.flatMap((target) => tools.map((tool) => ({ tool, target })));
    const startedAt = Date.now();
    const probe = await bundleProbe();
    for (const [i, { tool, target }] of turns.entries()) {
      // Time that one turn leaves over is the next one's.
      const share = minutes === null ? Number.POSITIVE_INFINITY : ((i + 1) / turns.length) * minutes * 60_000;
      const lacking = this.#lacking(tool, target);
      if (lacking.size === 0 || Date.now() > startedAt + share) continue;
      say(`${tool.name}, up to ${target} edits of each kind`);
      try {
        await runBlock({
          tool,
          edits: lacking,
          browser: this.#browser,
          realCargo: findRealCargo(),
          probe,
          deadline: startedAt + share,
          label: `latency-${i}-${tool.name.replaceAll(/\W+/g, '-')}`,
          nextNumber: () => ++this.#number,
          onEdit: (edit) => this.#onEdit(edit),
          onStep: (what) => say(`  ${what}`),
          onScene: (scene) => {
            this.#scene = scene;
          },
        });
      } catch (error) {
        // What ends because the browser was closed says nothing; the process is about to exit.
        if (this.#abandoned) return new Promise(() => undefined);
        if (!(error instanceof Failed)) throw error;
        say(`  this turn ends: ${error.message}`);
      }
    }
    this.#finish();
    return this.#run.edits.some(({ tool, visibleMs }) => tool === LEPTOS_FAST.name && visibleMs === null) ? 1 : 0;
  }

  /** Ctrl-C: what was measured is kept, and nothing left running. */
  async abandon(): Promise<void> {
    this.#abandoned = true;
    await this.#scene?.abandon();
    await this.#browser.close();
    this.#finish();
  }

  /** What a tool's earlier turns did not come to is made up for. */
  #lacking(tool: ToolCommand, target: number): ReadonlyMap<Kind, number> {
    const kinds = this.#options.kinds.filter(({ isView }) => isView || tool !== HOT_RELOAD);
    const counted = kinds.map((kind) => {
      const done = this.#run.edits.filter((edit) => edit.tool === tool.name && edit.kind === kind.name);
      return [kind, target - done.length] as const;
    });
    return new Map(counted.filter(([, count]) => count > 0));
  }

  #onEdit(edit: Edit): void {
    this.#run.edits.push(edit);
    this.#run.endedAt = new Date().toISOString();
    this.#run.loadAtEnd = loadavg();
    if (this.#options.json !== null) keep(this.#run, this.#options.json);
    const time = edit.visibleMs === null ? 'not seen' : `${edit.visibleMs} ms`;
    const wasm = edit.interactiveMs === null ? '' : `, interactive ${edit.interactiveMs} ms`;
    const kept = Object.entries(edit.kept ?? {}).flatMap(([name, isKept]) => (isKept ? [name] : []));
    const { sent, refused, notOk } = edit.requests;
    say(
      `  ${edit.kind}: ${time}${wasm}; kept ${kept.join(', ') || 'nothing'}; ${edit.loads} loads; ` +
        `${refused + notOk} of ${sent} requests failed, ${edit.failedCalls} calls${edit.note ? `; ${edit.note}` : ''}`,
    );
  }

  #finish(): void {
    const table = toMarkdown(this.#run);
    if (this.#options.markdown !== null) writeFileSync(this.#options.markdown, `${table}\n`);
    say(`\n${table}`);
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

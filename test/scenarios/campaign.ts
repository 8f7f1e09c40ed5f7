import { writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../support/chromium.js';
import type { Arguments } from './arguments.js';
import { SCENARIOS } from './cases/index.js';
import { isExecutable } from './driver/executable.js';
import { oneAtATime } from './driver/one-at-a-time.js';
import { BIN, makePlaces } from './driver/places.js';
import type { Scene } from './driver/scene.js';
import { takeSnapshot } from './driver/snapshot.js';
import { LiveLine } from './report/live.js';
import { describeMachine, describeTool } from './report/machine.js';
import { toMarkdown } from './report/markdown.js';
import { Results } from './report/results.js';
import { runScenario } from './run-scenario.js';
import type { Scenario } from './scenario.js';
import { LEPTOS_FAST } from './tools.js';
import { warmUp } from './warm-up.js';

/** At most so many runs of a slow scenario. */
const SLOW_RUNS = 3;

/** Runs what the arguments ask for and keeps the results. Resolves with the exit code: 1 when leptos-fast failed one. */
export async function runCampaign(options: Arguments): Promise<number> {
  makePlaces();
  const release = await oneAtATime();
  try {
    // Any other command is used where it stands.
    if (options.tools.includes(LEPTOS_FAST)) takeSnapshot();
    return await withBrowser(options, release);
  } finally {
    release();
  }
}

async function withBrowser(options: Arguments, release: () => void): Promise<number> {
  const browser = await launchBrowser();
  const results = new Results(options.json, describeMachine(browser.version()));
  const campaign = new Campaign(options, browser, results);
  const onInterrupt = (name: NodeJS.Signals): void => {
    void campaign.abandon(name).then(() => {
      release();
      process.exit(130);
    });
  };
  process.once('SIGINT', onInterrupt).once('SIGTERM', onInterrupt);
  try {
    await campaign.run();
  } finally {
    campaign.finish();
    await browser.close();
  }
  return campaign.failed ? 1 : 0;
}

/** The scenarios that `--only` names, or all. */
export function chosenScenarios(only: readonly number[]): readonly Scenario[] {
  return only.length === 0 ? SCENARIOS : SCENARIOS.filter(({ number }) => only.includes(number));
}

/** The first cargo on PATH besides the one that counts. */
export function findRealCargo(): string {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '' && folder !== BIN);
  const found = folders.map((folder) => join(folder, 'cargo')).find(isExecutable);
  if (!found) throw new Error('there is no cargo on PATH');
  return found;
}

/** A slow one gets fewer. */
function runsOf(scenario: Scenario, runs: number): number {
  return scenario.slow ? Math.min(runs, SLOW_RUNS) : runs;
}

class Campaign {
  readonly #options: Arguments;
  readonly #browser: Browser;
  readonly #results: Results;
  readonly #live = new LiveLine(process.stdout);
  readonly #realCargo = findRealCargo();
  #scene: Scene | null = null;
  #abandoned = false;
  failed = false;

  constructor(options: Arguments, browser: Browser, results: Results) {
    this.#options = options;
    this.#browser = browser;
    this.#results = results;
  }

  async run(): Promise<void> {
    const { tools, runs, only, resume } = this.#options;
    const warm = new Set<string>();
    const versions = new Map(tools.map((tool) => [tool.name, describeTool(tool)]));
    const scenarios = this.#possible(chosenScenarios(only));
    // Round by round: a campaign that is cut off has as many runs of one scenario as of another.
    for (let run = 1; run <= runs; run += 1) {
      for (const scenario of scenarios.filter((one) => run <= runsOf(one, runs))) {
        for (const tool of tools) {
          // Only now: what a campaign that is cut off never came to stays as it was.
          if (run === 1 && !resume) this.#results.forget(scenario.number, tool.name);
          if (this.#results.of(scenario.number, tool.name).some((result) => result.run === run)) continue;
          const common = { tool, browser: this.#browser, realCargo: this.#realCargo, onScene: this.#onScene };
          if (!warm.has(tool.name)) {
            this.#live.say(`${tool.name}: build the sample's dependencies, if they are not there yet`);
            await warmUp(common);
            warm.add(tool.name);
          }
          this.#live.begin(scenario, tool.name, run, runsOf(scenario, runs));
          const onStep = (what: string): void => this.#live.step(what);
          const result = await runScenario({
            ...common,
            scenario,
            run,
            version: versions.get(tool.name) ?? tool.name,
            onStep,
          });
          // What an interrupted scenario ends with says nothing about the tool; the process is about to exit.
          if (this.#abandoned) return new Promise(() => undefined);
          this.#results.add(result);
          this.#live.end(result);
          if (!result.ok && tool.name !== 'cargo-leptos') this.failed = true;
        }
      }
    }
  }

  /** Those that this machine can run; tells why it can't run the others. */
  #possible(scenarios: readonly Scenario[]): Scenario[] {
    return scenarios.filter((scenario) => {
      const obstacle = scenario.cannotRun?.() ?? null;
      if (obstacle !== null) this.#live.say(`– ${scenario.number} ${scenario.name}: not run, ${obstacle}`);
      return obstacle === null;
    });
  }

  /** Writes the table and tells the sums. */
  finish(): void {
    const table = toMarkdown(SCENARIOS, this.#results);
    if (this.#options.markdown !== null) writeFileSync(this.#options.markdown, `${table}\n`);
    this.#live.say(`\n${table}`);
  }

  /** Ctrl-C: keeps what is finished and leaves nothing running. */
  async abandon(signal: NodeJS.Signals): Promise<void> {
    this.#live.say(`ended by ${signal}; what was finished is kept`);
    this.#abandoned = true;
    await this.#scene?.abandon();
    await this.#browser.close();
    this.finish();
  }

  #onScene = (scene: Scene | null): void => {
    this.#scene = scene;
  };
}

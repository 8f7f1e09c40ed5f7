import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import getPort from 'get-port';
import type { LfError } from '../core/errors.js';
import { isInside } from '../core/paths.js';
import { err, ok, type Result } from '../core/result.js';
import { loadWorkspace, selectProject } from '../project/model.js';
import { cleanCrates } from './clean-crates.js';
import type { Edit, LeftOut } from './edits.js';
import { Estimate } from './estimate.js';
import type { Places } from './places.js';
import type { BenchProject, SeenApp } from './project.js';
import type { Measurement, ProjectFacts } from './results.js';
import type { Metric, ScenarioName } from './scenarios.js';
import { type Measured, type Patience, Session } from './session.js';
import { HOME_MARK } from './tool-process.js';
import type { Tool } from './tools.js';

/** A tool that failed so often in a row with an edit is not asked for it again. */
const TRIES = 2;
/** Ports that systems do not give to outgoing connections. */
const PORTS_FROM = 10_000;
const PORTS = 10_000;

export interface RunnerOptions {
  readonly projects: readonly BenchProject[];
  readonly tools: readonly Tool[];
  readonly scenarios: readonly ScenarioName[];
  readonly runs: number;
  /** How often a build from nothing is measured. */
  readonly buildRuns: number;
  readonly places: Places;
  readonly env: NodeJS.ProcessEnv;
  /** Programs (absolute). */
  readonly cargo: string;
  readonly cargoLeptos: string;
  /** Another one when the dependencies of a project have to be compiled anew for a tool. */
  readonly readyKey: (project: BenchProject, tool: Tool) => Promise<string>;
  readonly patience: Patience;
  /** A Chromium, or null. */
  readonly browser: string | null;
  readonly signal: AbortSignal;
  readonly onMeasured: (measurement: Measurement, estimate: Estimate) => void;
  /** What goes on. */
  readonly onStep: (what: string, estimate: Estimate) => void;
  /** What takes long and is not measured. */
  readonly onPreparing: (what: string) => void;
  readonly onNote: (note: string) => void;
}

/** A project's copy for one tool. */
interface Copy {
  readonly tool: Tool;
  readonly dir: string;
  readonly targetDir: string;
  readonly pkg: { readonly folder: string; readonly path: string };
  edits: readonly Edit[];
}

/**
 * Measures each project with each tool in turn: all scenarios with the first, all with the next, and again. The order of
 * the edits turns from round to round, so that none always has the first place after a start.
 */
export class Runner {
  readonly #options: RunnerOptions;
  readonly #estimate: Estimate;
  readonly #failures = new Map<string, number>();
  readonly facts: ProjectFacts[] = [];
  #session: Session | null = null;
  #number = 0;

  constructor(options: RunnerOptions) {
    this.#options = options;
    this.#estimate = new Estimate(options.projects.flatMap((project) => this.#plan(project)));
  }

  /** Measures all. Ends early, with what there is by then, when the signal fires. Errors: LF00x and LF021 for a project that cannot be loaded. */
  async run(): Promise<Result<void>> {
    try {
      for (const project of this.#options.projects) {
        const measured = await this.#measureProject(project);
        if (!measured.ok) return measured;
      }
    } catch (error) {
      if (!this.#options.signal.aborted) throw error;
    } finally {
      await this.#endSession();
    }
    return ok(undefined);
  }

  /** Ends everything at once. */
  async kill(): Promise<void> {
    await this.#session?.kill();
  }

  async #measureProject(project: BenchProject): Promise<Result<void>> {
    const { tools, scenarios, runs, buildRuns, signal } = this.#options;
    const copies: Copy[] = [];
    for (const tool of tools) {
      const copy = await this.#lay(project, tool);
      if (!copy.ok) return copy;
      copies.push(copy.value);
    }
    if (scenarios.includes('cold')) {
      await this.#inTurn(buildRuns, copies, async (copy, round) => {
        await rm(copy.targetDir, { recursive: true, force: true });
        await this.#start(project, copy, 'cold', round);
      });
    }
    let seen: SeenApp | null = null;
    for (const copy of copies) {
      const isReady = await this.#isReady(project, copy);
      if (isReady && (!project.needsPage || seen)) continue;
      const what = project.needsPage ? 'start once, to see what it shows' : 'compile the dependencies';
      this.#options.onPreparing(`${project.name} · ${copy.tool.name} · ${what}`);
      const session = await this.#start(project, copy, null, 0);
      if (session && project.needsPage) {
        const page = await session.page();
        if (page !== null) seen ??= { page, wasm: await session.wasm() };
      }
      await this.#endSession();
    }
    await this.#chooseEdits(project, copies, seen);
    if (scenarios.includes('app-build')) {
      await this.#inTurn(buildRuns, copies, async (copy, round) => {
        await cleanCrates(copy.targetDir, project.crates);
        await this.#start(project, copy, 'app-build', round);
      });
    }
    if (scenarios.every((name) => name === 'cold' || name === 'app-build')) return ok(undefined);
    for (const copy of copies) await this.#round(project, copy, 0);
    for (let round = 1; round <= runs; round++) {
      for (const copy of copies) {
        signal.throwIfAborted();
        await this.#round(project, copy, round);
      }
    }
    return ok(undefined);
  }

  async #inTurn(
    times: number,
    copies: readonly Copy[],
    measure: (copy: Copy, round: number) => Promise<void>,
  ): Promise<void> {
    for (let round = 1; round <= times; round++) {
      for (const copy of copies) {
        await measure(copy, round);
        await this.#endSession();
      }
    }
  }

  /** One start of a tool and one edit of each kind; the warm-up makes one with a build and one without. */
  async #round(project: BenchProject, copy: Copy, round: number): Promise<void> {
    const isWanted = this.#options.scenarios.includes('warm-start');
    const session = await this.#start(project, copy, isWanted ? 'warm-start' : null, round);
    const edits = round === 0 ? warmUp(copy.edits) : inTurn(copy.edits, round);
    for (const edit of edits) {
      const { scenario } = edit;
      const key = keyOf(project, copy.tool, scenario);
      const wasTried = (this.#failures.get(key) ?? 0) >= TRIES;
      if (!session?.isRunning || wasTried) {
        const why = wasTried
          ? `not seen ${TRIES} times in a row; not tried again`
          : (session?.ending ?? 'it was not started');
        this.#note(project, copy.tool, scenario, round, failed(edit, why), null);
        continue;
      }
      this.#step(project, copy.tool, scenario, round);
      const from = Date.now();
      const measured = await session.measure(edit);
      this.#note(project, copy.tool, scenario, round, measured, Date.now() - from);
    }
    await this.#endSession();
  }

  /** Starts a tool and waits for its page; null when none came. `scenario` is what the start is measured as. */
  async #start(
    project: BenchProject,
    copy: Copy,
    scenario: ScenarioName | null,
    round: number,
  ): Promise<Session | null> {
    const { places, env, cargo, cargoLeptos, patience, browser, signal } = this.#options;
    const { tool } = copy;
    if (scenario) this.#step(project, tool, scenario, round);
    const [port, reload] = [await freePort(), await freePort()];
    const id = randomUUID();
    const from = Date.now();
    this.#session = await Session.start({
      command: tool.start({ dir: copy.dir, leptosProject: project.leptosProject }, cargoLeptos),
      env: {
        ...toolEnv(project.env(env), copy.targetDir),
        LEPTOS_SITE_ADDR: `127.0.0.1:${port}`,
        LEPTOS_RELOAD_PORT: String(reload),
        // By this a later run knows what a killed one has left.
        [HOME_MARK]: places.home,
      },
      dir: copy.dir,
      pkg: copy.pkg,
      pageText: project.pageText,
      port,
      cargo,
      scratch: join(places.scratch, id),
      log: places.log(tool.slug, project.name),
      mark: id,
      patience,
      browser,
      signal,
      nextNumber: () => ++this.#number,
    });
    const session = this.#session;
    const measured = await session.open();
    const page = measured.outcomes.page;
    if (page?.kind === 'time') await this.#setReady(project, copy);
    if (scenario) this.#note(project, tool, scenario, round, measured, Date.now() - from);
    else if (page?.kind === 'failed') this.#options.onNote(`${project.name}, ${tool.name}: no first page: ${page.why}`);
    return page?.kind === 'time' ? session : null;
  }

  async #endSession(): Promise<void> {
    const session = this.#session;
    this.#session = null;
    if (!session) return;
    for (const note of await session.stop()) this.#options.onNote(note);
    await rm(this.#options.places.scratch, { recursive: true, force: true });
  }

  async #lay(project: BenchProject, tool: Tool): Promise<Result<Copy>> {
    const { places, env } = this.#options;
    const dir = places.project(tool.slug, project.name);
    const targetDir = places.target(tool.slug);
    const log = places.log(tool.slug, project.name);
    await mkdir(targetDir, { recursive: true });
    await mkdir(join(log, '..'), { recursive: true });
    await writeFile(log, '');
    await project.lay(dir);
    const loaded = await loadWorkspace(dir, { env: toolEnv(project.env(env), targetDir) });
    if (!loaded.ok) return loaded;
    const chosen = selectProject(loaded.value, dir, project.leptosProject ?? undefined);
    if (!chosen.ok) return chosen;
    const { siteRoot, sitePkgDir } = chosen.value.config;
    if (!isInside(siteRoot, dir) && !isInside(siteRoot, targetDir)) return err(foreignSite(siteRoot));
    return ok({ tool, dir, targetDir, pkg: { folder: join(siteRoot, sitePkgDir), path: sitePkgDir }, edits: [] });
  }

  async #chooseEdits(project: BenchProject, copies: readonly Copy[], seen: SeenApp | null): Promise<void> {
    const { scenarios } = this.#options;
    let leftOut: readonly LeftOut[] = [];
    for (const copy of copies) {
      const chosen = await project.edits(copy.dir, seen);
      copy.edits = chosen.edits.filter(({ scenario }) => scenarios.includes(scenario));
      leftOut = chosen.leftOut.filter(({ scenario }) => scenarios.includes(scenario));
    }
    for (const { scenario } of leftOut) {
      for (const { tool } of copies) this.#estimate.drop(keyOf(project, tool, scenario));
    }
    this.facts.push({ name: project.name, about: project.about, lines: project.lines, leftOut });
  }

  /** A key for each step that is planned, for the estimate of the rest. */
  #plan(project: BenchProject): string[] {
    const { tools, scenarios, runs, buildRuns } = this.#options;
    return tools.flatMap((tool) =>
      scenarios.flatMap((scenario) => {
        const times = scenario === 'cold' || scenario === 'app-build' ? buildRuns : runs;
        return Array.from({ length: times }, () => keyOf(project, tool, scenario));
      }),
    );
  }

  #step(project: BenchProject, tool: Tool, scenario: ScenarioName, round: number): void {
    const which = round === 0 ? 'warm-up' : `run ${round}`;
    this.#options.onStep(`${project.name} · ${tool.name} · ${scenario} · ${which}`, this.#estimate);
  }

  #note(
    project: BenchProject,
    tool: Tool,
    scenario: ScenarioName,
    round: number,
    measured: Measured,
    tookMs: number | null,
  ): void {
    const key = keyOf(project, tool, scenario);
    const isFailed = Object.values(measured.outcomes).some((outcome) => outcome.kind === 'failed');
    if (tookMs !== null) this.#failures.set(key, isFailed ? (this.#failures.get(key) ?? 0) + 1 : 0);
    if (round > 0) this.#estimate.done(key, tookMs);
    this.#options.onMeasured({ project: project.name, tool: tool.name, scenario, round, ...measured }, this.#estimate);
  }

  /** Whether the dependencies of the project are compiled for the tool. */
  async #isReady(project: BenchProject, copy: Copy): Promise<boolean> {
    const known = await readFile(readyFile(copy), 'utf8').catch(() => '');
    return known.split('\n').includes(await this.#options.readyKey(project, copy.tool));
  }

  async #setReady(project: BenchProject, copy: Copy): Promise<void> {
    if (await this.#isReady(project, copy)) return;
    await writeFile(readyFile(copy), `${await this.#options.readyKey(project, copy.tool)}\n`, { flag: 'a' });
  }
}

function readyFile({ targetDir }: Copy): string {
  return join(targetDir, '.leptos-fast-bench');
}

function keyOf(project: BenchProject, tool: Tool, scenario: ScenarioName): string {
  return `${project.name} ${tool.name} ${scenario}`;
}

/** The user's environment, with a target directory of our own. */
function toolEnv(env: NodeJS.ProcessEnv, targetDir: string): NodeJS.ProcessEnv {
  return {
    ...env,
    CARGO_TARGET_DIR: targetDir,
    CARGO_BUILD_TARGET_DIR: undefined,
    CARGO: undefined,
    NO_COLOR: '1',
    FORCE_COLOR: undefined,
  };
}

/** One edit that is built and one that is not: caches are warm then, and the tool has done everything once. */
function warmUp(edits: readonly Edit[]): readonly Edit[] {
  const built = edits.find(({ steps }) => steps.some((step) => step.wasmText(0) !== null));
  const copied = edits.find(({ scenario }) => scenario === 'css');
  return [built, copied].filter((edit) => edit !== undefined);
}

/**
 * Begins with another edit in each round. The last one is always built, by every tool: what is left unbuilt, a comment or a
 * Cargo.toml that nobody watches, would be built by the next start, which is measured as one with nothing to build.
 */
export function inTurn(edits: readonly Edit[], round: number): readonly Edit[] {
  const from = edits.length === 0 ? 0 : (round - 1) % edits.length;
  const turned = [...edits.slice(from), ...edits.slice(0, from)];
  const last = turned.findLastIndex(({ file, steps }) => file.endsWith('.rs') && steps.at(-1)?.metric !== 'rest');
  return last < 0 ? turned : [...turned.slice(last + 1), ...turned.slice(0, last + 1)];
}

function failed({ steps }: Edit, why: string): Measured {
  const metrics = steps.flatMap((step): Metric[] => {
    return step.metric === 'content' && step.wasmText(0) !== null ? ['content', 'wasm'] : [step.metric];
  });
  const outcomes = Object.fromEntries(metrics.map((metric) => [metric, { kind: 'failed' as const, why }]));
  return { outcomes, cpuSeconds: null, peakBytes: null, builds: 0 };
}

function freePort(): Promise<number> {
  const candidates = Array.from({ length: 50 }, () => PORTS_FROM + Math.floor(Math.random() * PORTS));
  return getPort({ host: '127.0.0.1', port: candidates });
}

function foreignSite(siteRoot: string): LfError {
  return {
    code: 'LF060',
    message: 'the site lies outside of the project, where a measuring copy would write into yours',
    where: { file: siteRoot },
    help: ['set site-root to a folder in the project, such as target/site'],
    exitCode: 3,
  };
}

import { randomBytes } from 'node:crypto';
import { cpus, loadavg } from 'node:os';
import type { Browser } from 'playwright-core';
import { Scene } from './driver/scene.js';
import type { ToolCommand } from './driver/tool.js';
import { Failed } from './driver/wait.js';
import type { Result } from './report/results.js';
import type { Scenario } from './scenario.js';

export interface RunOptions {
  readonly scenario: Scenario;
  readonly tool: ToolCommand;
  /** From 1. */
  readonly run: number;
  readonly version: string;
  readonly browser: Browser;
  readonly realCargo: string;
  readonly onStep: (what: string) => void;
  /** Told of the scene, so that an interrupted suite can clear it away. */
  readonly onScene: (scene: Scene | null) => void;
}

/** Markers begin with the pid of the suite that made them, so that another one knows whom they belong to. */
export const MARKER_START = `${process.pid}-`;

/** Plays one scenario once with one tool, and clears everything away. Never rejects because of the tool. */
export async function runScenario(options: RunOptions): Promise<Result> {
  const { scenario, tool, run, version, browser, realCargo, onStep, onScene } = options;
  const startedAt = Date.now();
  const scene = await Scene.create({
    tool,
    variant: scenario.variant,
    limit: scenario.limit,
    withoutEvents: scenario.withoutEvents ?? false,
    browser,
    realCargo,
    label: `${String(scenario.number).padStart(2, '0')}-${tool.name}-${run}`,
    marker: MARKER_START + randomBytes(6).toString('hex'),
    onStep,
  });
  onScene(scene);
  const reason = await play(scenario, scene);
  scene.step(reason === null ? 'passed' : `failed: ${reason}`);
  const busy = machineIsBusy();
  const notes = [...(await scene.end()), ...busy];
  onScene(null);
  return {
    scenario: scenario.number,
    tool: tool.name,
    run,
    ok: reason === null,
    seconds: reason === null ? scene.seconds : null,
    reason,
    notes,
    totalSeconds: (Date.now() - startedAt) / 1_000,
    date: new Date(startedAt).toISOString(),
    version,
  };
}

/** A failure on a machine that others keep busy may be theirs: whoever reads the results must know. */
function machineIsBusy(): string[] {
  const [load = 0] = loadavg();
  return load > 2 * cpus().length
    ? [`the machine was busy: load ${load.toFixed(1)} on ${cpus().length} processors`]
    : [];
}

async function play(scenario: Scenario, scene: Scene): Promise<string | null> {
  try {
    await scenario.run(scene);
    if (!scenario.endsTool) scene.stillRuns();
    return null;
  } catch (error) {
    if (error instanceof Failed) return error.message;
    return `fault of the suite: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  }
}

import { randomBytes } from 'node:crypto';
import type { Browser } from 'playwright-core';
import { Scene } from '../scenarios/driver/scene.js';
import type { ToolCommand } from '../scenarios/driver/tool.js';
import { Failed } from '../scenarios/driver/wait.js';
import { MARKER_START } from '../scenarios/run-scenario.js';
import type { Kind } from './kinds.js';
import { latencyApp } from './latency-app.js';
import { measureEdit } from './measure-edit.js';
import { OpenPage } from './open-page.js';
import type { Edit } from './results.js';

/** A cold build of all dependencies on a small machine, in seconds. */
const START_LIMIT_S = 2_400;

export interface BlockOptions {
  readonly tool: ToolCommand;
  /** How many edits of each kind. */
  readonly edits: ReadonlyMap<Kind, number>;
  readonly browser: Browser;
  readonly realCargo: string;
  readonly probe: string;
  /** In ms since the epoch: no edit begins after it. */
  readonly deadline: number;
  readonly label: string;
  /** A number that no edit of the run has had. */
  readonly nextNumber: () => number;
  readonly onEdit: (edit: Edit) => void;
  readonly onStep: (what: string) => void;
  /** Told of the scene, so that an interrupted run can clear it away. */
  readonly onScene: (scene: Scene | null) => void;
}

/** Starts a tool on a fresh app, makes the edits one after the other, and ends it. An edit that fails is one of them. */
export async function runBlock(options: BlockOptions): Promise<void> {
  const { tool, browser, realCargo, label, onStep, onScene } = options;
  const scene = await Scene.create({
    tool,
    variant: latencyApp,
    limit: START_LIMIT_S,
    withoutEvents: false,
    browser,
    realCargo,
    label,
    marker: MARKER_START + randomBytes(6).toString('hex'),
    onStep,
  });
  onScene(scene);
  const page = await OpenPage.create(browser, scene.site.url, options.probe);
  try {
    scene.startTool();
    await scene.until(
      async () => (await scene.site.serverText()) !== null,
      () => `${tool.name} brought no page after ${START_LIMIT_S} s: ${scene.tool.lastWords}`,
    );
    await openAgain(scene, page);
    await makeEdits(scene, page, options);
  } finally {
    await page.close();
    for (const note of await scene.end()) onStep(`note: ${note}`);
    onScene(null);
  }
}

async function makeEdits(scene: Scene, page: OpenPage, options: BlockOptions): Promise<void> {
  const { edits, deadline, tool, nextNumber, onEdit } = options;
  for (const kind of inOrder(edits)) {
    if (Date.now() > deadline) return;
    const edit = await measureEdit(scene, page, kind, nextNumber(), tool.name);
    onEdit(edit);
    if (!scene.tool.isRunning) throw new Failed(`${tool.name} ${scene.tool.ending}`);
    // The next edit must not pay for this one.
    if (edit.note !== null) await openAgain(scene, page);
  }
}

/** One of each kind in turn; those without a build first, so that a deadline costs none of them. */
function inOrder(edits: ReadonlyMap<Kind, number>): Kind[] {
  const isBuilt = (kind: Kind): boolean => kind.file.endsWith('.rs');
  return [false, true].flatMap((built) => {
    const left = new Map([...edits].filter(([kind]) => isBuilt(kind) === built));
    const order: Kind[] = [];
    for (let round = 0; round < Math.max(0, ...left.values()); round += 1) {
      for (const [kind, count] of left) if (count > round) order.push(kind);
    }
    return order;
  });
}

async function openAgain(scene: Scene, page: OpenPage): Promise<void> {
  await page.visit();
  await scene.until(
    () => page.isHydrated(),
    () => 'the page was not hydrated',
    Date.now() + 120_000,
  );
}

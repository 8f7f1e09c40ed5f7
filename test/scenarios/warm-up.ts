import type { Browser } from 'playwright-core';
import { Scene } from './driver/scene.js';
import type { ToolCommand } from './driver/tool.js';
import { MARKER_START } from './run-scenario.js';
import { base } from './variants/base.js';

/** A cold build of all dependencies on a small machine, in seconds. */
const COLD_LIMIT_S = 2_400;

export interface WarmUpOptions {
  readonly tool: ToolCommand;
  readonly browser: Browser;
  readonly realCargo: string;
  readonly onScene: (scene: Scene | null) => void;
}

/** Starts the tool once, so that the dependencies that all variants share are compiled in the way it compiles them. */
export async function warmUp({ tool, browser, realCargo, onScene }: WarmUpOptions): Promise<void> {
  const scene = await Scene.create({
    tool,
    variant: base,
    limit: COLD_LIMIT_S,
    withoutEvents: false,
    browser,
    realCargo,
    label: `00-${tool.name}`,
    marker: `${MARKER_START}warm-up`,
    onStep: () => undefined,
  });
  onScene(scene);
  try {
    scene.startTool();
    await scene.until(
      async () => (await scene.site.serverText()) !== null,
      () => `${tool.name} brought no page after ${COLD_LIMIT_S} s: ${scene.tool.lastWords}`,
    );
  } finally {
    await scene.end();
    onScene(null);
  }
}

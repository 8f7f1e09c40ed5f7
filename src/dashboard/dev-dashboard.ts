import type { Clock } from '../core/clock.js';
import type { EventBus } from '../core/events.js';
import type { Workspace } from '../project/model.js';
import { gatherFacts } from '../record/advice/facts.js';
import { historyFolder } from '../record/history-folder.js';
import type { OwnRoute } from '../serve/own-routes.js';
import { Dashboard } from './dashboard.js';
import { FiguresThread } from './figures-thread.js';
import { GraphThread } from './graph-thread.js';
import { LiveFeed } from './live-feed.js';
import { readPageFiles } from './page-files.js';

export interface DevDashboardOptions {
  readonly bus: EventBus;
  readonly clock: Clock;
  readonly workspace: Workspace;
  readonly env: NodeJS.ProcessEnv;
  /** The Leptos project's name. */
  readonly project: string;
  /** When the command was started, in ms since the epoch. */
  readonly startedAt: number;
  /** See BuildTimes. */
  readonly knownDurations: Promise<ReadonlyMap<string, readonly number[]>>;
}

/** The dashboard of a run of `dev`; to be made before the first event. */
export async function devDashboard(options: DevDashboardOptions): Promise<{
  readonly route: OwnRoute;
  readonly close: () => Promise<void>;
}> {
  const { bus, clock, workspace, env, project, startedAt, knownDurations } = options;
  const folder = historyFolder(workspace);
  const live = new LiveFeed({ clock, startedAt, knownDurations });
  const dashboard = new Dashboard({
    clock,
    hello: { project, source: 'dev', folder },
    figures: new FiguresThread(folder, clock, () => gatherFacts(workspace, env)),
    graph: new GraphThread({ dir: workspace.root, env }),
    files: await readPageFiles(),
    live,
  });
  const off = bus.on((event) => {
    live.on(event);
    // While the last processes end, the port is closed already.
    if (event.event === 'stopping') void dashboard.close();
  });
  return {
    route: dashboard.route,
    close: () => {
      off();
      return dashboard.close();
    },
  };
}

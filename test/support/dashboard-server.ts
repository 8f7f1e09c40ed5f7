import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pathToFileURL } from 'node:url';
import { onTestFinished } from 'vitest';
import { type Clock, systemClock } from '../../src/core/clock.js';
import { Dashboard } from '../../src/dashboard/dashboard.js';
import type { Hello } from '../../src/dashboard/data.js';
import type { GraphAnswer } from '../../src/dashboard/graph-source.js';
import { HistoryFigures } from '../../src/dashboard/history-figures.js';
import type { LiveFeed } from '../../src/dashboard/live-feed.js';
import { readPageFiles } from '../../src/dashboard/page-files.js';
import type { AdviceFacts } from '../../src/record/advice/facts.js';
import { answerOwn } from '../../src/serve/own-routes.js';
import { DIST } from './dist.js';

export interface DashboardServer {
  /** Without a slash at its end. */
  readonly url: string;
  readonly port: number;
  /** Ends it, as `dev` does when it stops. */
  close(): Promise<void>;
}

export interface DashboardServerOptions {
  readonly folder: string;
  readonly live?: LiveFeed;
  readonly clock?: Clock;
  readonly port?: number;
  readonly source?: Hello['source'];
  /** What advice rests on besides; without it nothing is advised. */
  readonly facts?: AdviceFacts;
  /** What the crates and the wasm are made of; without it that cannot be told. */
  readonly graph?: () => GraphAnswer;
}

/** The dashboard over a folder, on a port of its own until the test ends. The page is that of the last build. */
export async function dashboardServer(options: DashboardServerOptions): Promise<DashboardServer> {
  const { folder, live, clock = systemClock, port = 0, source = live ? 'dev' : 'history', facts = null } = options;
  const dashboard = new Dashboard({
    clock,
    hello: { project: 'shop', source, folder },
    figures: new HistoryFigures(folder, facts),
    graph: {
      ask: async () => options.graph?.() ?? { kind: 'problem', message: 'this test has no project' },
      close: async () => undefined,
    },
    files: await readPageFiles(new URL('dashboard-page/', pathToFileURL(DIST))),
    ...(live && { live }),
  });
  const server = createServer((request, response) => answerOwn([dashboard.route], [], request, response));
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const address = server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    await dashboard.close();
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  };
  onTestFinished(close);
  return { url: `http://127.0.0.1:${address.port}`, port: address.port, close };
}

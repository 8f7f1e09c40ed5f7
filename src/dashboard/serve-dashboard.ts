import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import getPort from 'get-port';
import { portTaken } from '../build/ports.js';
import { systemClock } from '../core/clock.js';
import type { LfError } from '../core/errors.js';
import { err, ok, type Result } from '../core/result.js';
import { loadWorkspace } from '../project/model.js';
import { gatherFacts } from '../record/advice/facts.js';
import { historyFolder } from '../record/history-folder.js';
import { pathOf } from '../serve/own-address.js';
import { answerOwn, answerText } from '../serve/own-routes.js';
import { Dashboard } from './dashboard.js';
import { DASHBOARD_PATH } from './data.js';
import { FiguresThread } from './figures-thread.js';
import { GraphThread } from './graph-thread.js';
import { readPageFiles } from './page-files.js';

const HOST = '127.0.0.1';
/** Where it listens when nobody says: the first of these that is free. */
const FROM_PORT = 3_900;
const PORTS = 50;

/** What `dashboard` was called with. */
export interface DashboardCall {
  readonly dir: string;
  /** As typed. */
  readonly port: string | undefined;
  readonly env: NodeJS.ProcessEnv;
}

/** A dashboard that is being served. */
export interface ServedDashboard {
  readonly url: string;
  /** The Leptos projects of the workspace. */
  readonly project: string;
  readonly folder: string;
  close(): Promise<void>;
}

/** Serves the dashboard over a project's history. Errors: LF00x for the project, LF022 for --port, LF040 when it is taken. */
export async function serveDashboard({ dir, port: typed, env }: DashboardCall): Promise<Result<ServedDashboard>> {
  const wanted = parsePort(typed);
  if (!wanted.ok) return wanted;
  const workspace = await loadWorkspace(resolve(dir), { env });
  if (!workspace.ok) return workspace;
  const folder = historyFolder(workspace.value);
  const project = workspace.value.projects.map(({ name }) => name).join(', ');
  const dashboard = new Dashboard({
    clock: systemClock,
    hello: { project, source: 'history', folder },
    figures: new FiguresThread(folder, systemClock, () => gatherFacts(workspace.value, env)),
    graph: new GraphThread({ dir: workspace.value.root, env }),
    files: await readPageFiles(),
  });
  const server = createServer((request, response) => {
    if (pathOf(request.url) === '/') answerText(response.setHeader('location', DASHBOARD_PATH), 307, DASHBOARD_PATH);
    else answerOwn([dashboard.route], [], request, response);
  });
  const port = wanted.value ?? (await getPort({ host: HOST, port: candidates() }));
  try {
    await listen(server, port);
  } catch {
    return err({ ...portTaken(HOST, port), help: ['leptos-fast dashboard, which takes a free port by itself'] });
  }
  return ok({
    url: `http://${HOST}:${(server.address() as AddressInfo).port}${DASHBOARD_PATH}`,
    project,
    folder,
    close: async () => {
      await dashboard.close();
      await new Promise<void>((done) => {
        server.close(() => done());
        server.closeAllConnections();
      });
    },
  });
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((done, reject) => {
    server.once('error', reject);
    server.listen(port, HOST, done);
  });
}

function candidates(): readonly number[] {
  return Array.from({ length: PORTS }, (_, index) => FROM_PORT + index);
}

function parsePort(typed: string | undefined): Result<number | undefined> {
  if (typed === undefined) return ok(undefined);
  const port = Number(typed);
  if (/^\d+$/.test(typed) && port >= 1 && port <= 65_535) return ok(port);
  const error: LfError = {
    code: 'LF022',
    message: `--port takes a whole number from 1 to 65535, not "${typed}"`,
    help: ['leptos-fast dashboard --help'],
    exitCode: 2,
  };
  return err(error);
}

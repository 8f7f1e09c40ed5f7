import getPort from 'get-port';
import type { LfError } from '../core/errors.js';
import { err, ok, type Result } from '../core/result.js';
import { findListener } from '../doctor/port-owner.js';
import type { LeptosConfig } from '../project/model.js';
import { isListening, reachableHost } from '../serve/wait-for-port.js';
import type { ProcessInfo } from './process-tree.js';

const HIDDEN_FROM = 20_000;
const HIDDEN_COUNT = 12_000;

/** The ports of one run. */
export interface Ports {
  readonly host: string;
  /** Where browsers come. */
  readonly site: number;
  /** Where the app listens: behind the proxy another port, without it the same. */
  readonly app: number;
  /** Where open tabs wait for a reload. */
  readonly reload: number;
  /** cargo-leptos's own live reload, to which nobody connects. */
  readonly cargoLeptosReload: number;
}

/**
 * Chooses the ports: the site's as configured or as `--port` says (LF040 when it is taken, since people and bookmarks
 * hold on to it), the live-reload port as configured or, when that is taken, any free one: cargo-leptos would exit.
 * What other projects of this run have (`ours`) is not given twice: the next free port is taken instead.
 */
export async function choosePorts(
  config: LeptosConfig,
  wanted: number | undefined,
  proxy: boolean,
  ours: ReadonlySet<number> = new Set(),
): Promise<Result<Ports>> {
  const { host } = config.siteAddr;
  const first = wanted ?? config.siteAddr.port;
  const site = ours.has(first) ? await freePort(host, first + 1, ours) : first;
  if (await isListening(host, site)) return err(await takenPort(host, site));
  const configured = config.reloadPort;
  const taken = configured === site || ours.has(configured) || (await isListening(host, configured));
  const reload = taken ? await freePort(host, site + 1, ours) : configured;
  const app = proxy ? await hiddenPort(host, [site, reload]) : site;
  const cargoLeptosReload = await hiddenPort(host, [site, reload, app]);
  return ok({ host, site, app, reload, cargoLeptosReload });
}

/**
 * The ports after the site's address was edited: what was not edited stays, the app's own port too. LF040 when the new
 * one is taken.
 */
export async function movePorts(
  before: { readonly ports: Ports; readonly config: LeptosConfig },
  config: LeptosConfig,
  wanted: number | undefined,
): Promise<Result<Ports>> {
  const { ports } = before;
  const { host, port } = config.siteAddr;
  const isSameSite = host === before.config.siteAddr.host && (wanted ?? port) === ports.site;
  const site = wanted ?? port;
  if (site !== ports.site && (await isListening(host, site))) return err(await takenPort(host, site));
  const isSameReload = config.reloadPort === before.config.reloadPort && site !== ports.reload;
  const isOurs = config.reloadPort === ports.reload;
  const isFree = config.reloadPort !== site && (isOurs || !(await isListening(host, config.reloadPort)));
  const reload = isSameReload ? ports.reload : isFree ? config.reloadPort : await freePort(host, site + 1);
  if (isSameSite && reload === ports.reload) return ok(ports);
  return ok({ ...ports, host, site, reload, app: ports.app === ports.site ? site : ports.app });
}

async function takenPort(host: string, port: number): Promise<LfError> {
  const [free, by] = await Promise.all([freePort(host, port + 1), findListener(port)]);
  return portTaken(host, port, free, by);
}

/** LF040: the port cannot be had; `free` is one that can, `by` who has it. */
export function portTaken(host: string, port: number, free?: number, by?: ProcessInfo): LfError {
  return {
    code: 'LF040',
    message: `port ${port} on ${host} is taken`,
    why: by
      ? `${by.command} (process ${by.pid}) listens there.`
      : 'Another program listens there, perhaps an earlier run of the app.',
    help: [
      `take another one: --port ${free ?? 'N'}`,
      by ? `or end that program: kill ${by.pid}` : `or find out by whom, and end it: lsof -i :${port}`,
    ],
    exitCode: 3,
  };
}

/**
 * A free port for what only we connect to. Not one of those that systems give to outgoing connections (from 32768 on
 * Linux, 49152 elsewhere): such a connection could take it while the server restarts, or even be connected to itself.
 */
function hiddenPort(host: string, exclude: readonly number[]): Promise<number> {
  const candidates = Array.from({ length: 50 }, () => HIDDEN_FROM + Math.floor(Math.random() * HIDDEN_COUNT));
  return getPort({ host: reachableHost(host), port: candidates, exclude });
}

async function freePort(host: string, from: number, exclude: Iterable<number> = []): Promise<number> {
  const candidates = Array.from({ length: 50 }, (_, index) => from + index).filter((port) => port < 65_536);
  return getPort({ host: reachableHost(host), port: candidates, exclude });
}

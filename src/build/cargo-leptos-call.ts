import { delimiter } from 'node:path';
import type { LeptosProject, Workspace } from '../project/model.js';
import type { Ports } from './ports.js';
import { OFFSPRING_MARK } from './project-lock.js';

/**
 * cargo-leptos's arguments. `-vv` makes it log what it sees and does, which is all that we know of its state; several
 * projects in a workspace need `--project`.
 */
export function cargoLeptosArgs(workspace: Workspace, project: LeptosProject, appArgs: readonly string[]): string[] {
  const select = workspace.projects.length > 1 ? ['--project', project.name] : [];
  return ['leptos', 'watch', '-vv', ...select, ...(appArgs.length > 0 ? ['--', ...appArgs] : [])];
}

export interface CargoLeptosEnvOptions {
  readonly env: NodeJS.ProcessEnv;
  /** What the fast mode sets. */
  readonly fast: Readonly<Record<string, string>>;
  readonly ports: Ports;
  /** The project's state folder, by which our processes are known. */
  readonly stateFolder: string;
  /** Where our `cargo` is; null without the gate. */
  readonly shimFolder: string | null;
  /** What else it is to know. */
  readonly variables: Readonly<Record<string, string>>;
}

/** cargo-leptos's environment: process variables go before .env and manifest (config/dotenvs.rs). */
export function cargoLeptosEnv(options: CargoLeptosEnvOptions): Record<string, string | undefined> {
  const { env, fast, ports, stateFolder, shimFolder, variables } = options;
  // It would warn of each one that it does not know.
  const foreign = Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('LEPTOS_FAST_')));
  return {
    ...foreign,
    ...fast,
    PATH: shimFolder === null ? env.PATH : [shimFolder, env.PATH ?? ''].join(delimiter),
    // cargo-leptos would call this one instead of the `cargo` on PATH; a surrounding `cargo run` sets it.
    CARGO: undefined,
    [OFFSPRING_MARK]: stateFolder,
    LEPTOS_SITE_ADDR: formatAddress(ports.host, ports.app),
    LEPTOS_RELOAD_PORT: String(ports.cargoLeptosReload),
    // Passed through to the app, whose page then opens its socket there; behind a reverse proxy the user's own counts.
    LEPTOS_RELOAD_EXTERNAL_PORT: env.LEPTOS_RELOAD_EXTERNAL_PORT ?? String(ports.reload),
    ...variables,
  };
}

/** The address as a URL for a browser on this machine. */
export function siteUrl({ host, site }: Ports): string {
  const shown = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `http://${formatAddress(shown, site)}/`;
}

/** The app names the port that it was given; people should come to the proxy's. */
export function withPublicPort(line: string, { app, site }: Ports): string {
  return app === site ? line : line.replaceAll(new RegExp(`(?<=:)${app}\\b`, 'g'), String(site));
}

function formatAddress(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

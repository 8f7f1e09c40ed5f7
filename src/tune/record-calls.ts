import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import getPort from 'get-port';
import { cargoLeptosArgs, cargoLeptosEnv } from '../build/cargo-leptos-call.js';
import { CargoLeptosProcess } from '../build/cargo-leptos-process.js';
import type { FastMode } from '../build/fast-mode.js';
import type { LfError } from '../core/errors.js';
import { RUST_SIDES, type RustSide } from '../core/events.js';
import { err, ok, type Result } from '../core/result.js';
import type { ToolVersions } from '../doctor/machine.js';
import { recogniseCall } from '../gate/cargo-call.js';
import { withoutShim } from '../gate/cargo-run.js';
import { GateServer } from '../gate/gate-server.js';
import { answerMetadata } from '../gate/metadata-call.js';
import type { CargoRequest } from '../gate/protocol.js';
import type { ServerCommand } from '../gate/server-command.js';
import { writeShim } from '../gate/shim.js';
import type { LeptosProject, Workspace } from '../project/model.js';

/** How many of cargo-leptos's last words are told when it asks for no build. */
const LAST_WORDS = 8;

export interface RecordOptions {
  readonly workspace: Workspace;
  readonly project: LeptosProject;
  readonly fastMode: FastMode;
  readonly tools: ToolVersions;
  readonly serverCommand: ServerCommand;
  readonly env: NodeJS.ProcessEnv;
  /** By which the processes of this run are known, should it be killed. */
  readonly stateFolder: string;
  /** A folder of ours: the shim and what cargo-leptos writes of the site go there. */
  readonly folder: string;
  readonly signal: AbortSignal;
}

/** The calls of cargo that cargo-leptos makes for an edit. */
export type BuildCalls = Readonly<Record<RustSide, CargoRequest>>;

/**
 * Starts `cargo leptos watch` on the project, as `dev` does, with our `cargo` on its PATH; notes the two builds that it asks
 * for, with arguments and environment, runs neither, and ends it. Nothing is built, and the site goes into `folder`.
 * Error: LF070 when it ends without asking, or the signal fires.
 */
export async function recordBuildCalls(options: RecordOptions): Promise<Result<BuildCalls>> {
  const { workspace, project, fastMode, tools, serverCommand, folder, signal } = options;
  const shimFolder = join(folder, 'bin');
  // Unix socket paths are short, and project folders may be deep.
  const socketFolder = await mkdtemp(join(tmpdir(), 'leptos-fast-'));
  const socketPath = join(socketFolder, 'gate.sock');
  const found = new Map<RustSide, CargoRequest>();
  const words: string[] = [];
  let finish: () => void = () => undefined;
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const server = new GateServer((call) => {
    const recognised = recogniseCall(call.request.args, project);
    if (recognised.kind === 'metadata') {
      void answerMetadata(call, {
        shimFolder,
        cache: null,
        rewrite: () => ({
          project: project.name,
          ...(fastMode.profiles && { profiles: fastMode.profiles }),
          triggers: new Map(),
          changeTypes: true,
        }),
      });
    } else if (recognised.kind === 'build') {
      found.set(recognised.side, { ...call.request, env: withoutShim(call.request.env, shimFolder) });
      if (found.size === RUST_SIDES.length) finish();
    } else call.reply({ kind: 'decline' });
  });
  signal.addEventListener('abort', finish);
  try {
    await writeShim({ folder: shimFolder, socketPath, name: 'cargo', program: tools.cargoPath });
    if (serverCommand.kind === 'other')
      await writeShim({ folder: shimFolder, socketPath, name: serverCommand.name, program: serverCommand.program });
    await server.listen(socketPath);
    if (signal.aborted) finish();
    const watch = new CargoLeptosProcess({
      path: tools.cargoLeptosPath,
      args: cargoLeptosArgs(workspace, project, []),
      cwd: workspace.root,
      env: await recordingEnv(options, shimFolder),
      onFact: (fact) => {
        if (fact.kind === 'message') words.push(fact.text);
      },
      onAppOutput: (_, line) => words.push(line),
      onExit: (how) => {
        words.push(`cargo-leptos ${how}`);
        finish();
      },
    });
    await finished;
    await watch.stop();
  } finally {
    signal.removeEventListener('abort', finish);
    await server.close(130);
    await rm(socketFolder, { recursive: true, force: true });
  }
  const [front, serverCall] = [found.get('front'), found.get('server')];
  return front && serverCall ? ok({ front, server: serverCall }) : err(noBuilds(words.slice(-LAST_WORDS)));
}

async function recordingEnv(
  { env, fastMode, folder, project, stateFolder }: RecordOptions,
  shimFolder: string,
): Promise<Record<string, string | undefined>> {
  const { host } = project.config.siteAddr;
  const [app, reload, ownReload] = [await getPort(), await getPort(), await getPort()];
  return {
    ...cargoLeptosEnv({
      env,
      fast: fastMode.env,
      ports: { host, site: app, app, reload, cargoLeptosReload: ownReload },
      stateFolder,
      shimFolder,
      variables: {},
    }),
    // It empties the site's folder at its start.
    LEPTOS_SITE_ROOT: join(folder, 'site'),
  };
}

function noBuilds(words: readonly string[]): LfError {
  return {
    code: 'LF070',
    message: 'cargo-leptos did not ask for the two builds that would be measured',
    why: words.join('\n'),
    help: ['leptos-fast doctor', 'see whether leptos-fast dev works on this project'],
    exitCode: 3,
  };
}

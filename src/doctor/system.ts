import { constants } from 'node:fs';
import { access, readdir, readFile, stat, statfs } from 'node:fs/promises';
import { availableParallelism, totalmem } from 'node:os';
import { join } from 'node:path';
import { type LinkTrial, tryLink } from '../assets/link-support.js';
import { isSameProcessAlive, type ProcessInfo } from '../build/process-tree.js';
import { DEV_ROWS, type DevSettings } from '../config/dev-settings.js';
import { readVariables } from '../config/read-flags.js';
import { resolveSettings } from '../config/resolve-settings.js';
import { readSettingsFile, SETTINGS_FILE } from '../config/settings-file.js';
import type { LfError } from '../core/errors.js';
import { err, ok, type Result } from '../core/result.js';
import { isListening } from '../serve/wait-for-port.js';
import { fileSystemWithoutEvents } from '../watch/file-events.js';
import { findExecutable } from './find-executable.js';
import { type InitState, initState } from './init-state.js';
import { findListener } from './port-owner.js';
import { askTool, type ToolAnswer } from './run-tool.js';

/** One entry of a folder. A link is no folder: it may lead back up. */
export interface FolderEntry {
  readonly name: string;
  readonly isFolder: boolean;
}

export interface FileSystemFacts {
  /** The `f_type` of statfs(2). */
  readonly type: number;
  /** What this user may still write, in bytes. */
  readonly freeBytes: number;
}

/** The machine as the checks see it. Nothing here throws for what the machine is like. */
export interface System {
  readonly platform: NodeJS.Platform;
  /** The processor's architecture, in Node's words. */
  readonly arch: string;
  readonly env: NodeJS.ProcessEnv;
  /** Without the `v`. */
  readonly nodeVersion: string;
  readonly cores: number;
  /** In bytes; a container's limit counts. */
  readonly memory: { readonly total: number; readonly available: number };
  /** `undefined` when there is no such file or it cannot be read. */
  readText(path: string): Promise<string | undefined>;
  exists(path: string): Promise<boolean>;
  /** Empty when there is no such folder or it cannot be read. */
  list(folder: string): Promise<readonly FolderEntry[]>;
  /** An executable on PATH, after these folders. */
  find(name: string, firstIn?: readonly string[]): Promise<string | undefined>;
  /** Runs a tool for a short answer. */
  ask(path: string, args: readonly string[], cwd: string): Promise<ToolAnswer>;
  fileSystem(path: string): Promise<FileSystemFacts | undefined>;
  /** Names the file system of a folder when it is known to raise no file events. */
  withoutEvents(folder: string): Promise<string | null>;
  isListening(host: string, port: number): Promise<boolean>;
  /** Who listens on a port, where the system tells. */
  listener(port: number): Promise<ProcessInfo | undefined>;
  isAlive(process: ProcessInfo): Promise<boolean>;
  /** May this user make files in a folder? */
  canWrite(folder: string): Promise<boolean>;
  /** Makes a symlink in a folder, and takes it away again. */
  tryLink(folder: string): Promise<LinkTrial>;
  /** What `leptos-fast init` has left in the manifests of the project in this folder. */
  initState(dir: string): Promise<InitState>;
  /** How `leptos-fast dev` would be run there, by leptos-fast.toml and the environment. Errors: LF022, LF023. */
  settings(root: string, env: NodeJS.ProcessEnv): Promise<Result<DevSettings, readonly LfError[]>>;
}

/** The machine that this process runs on, with the environment in which cargo-leptos would run. */
export function thisSystem(env: NodeJS.ProcessEnv): System {
  return {
    platform: process.platform,
    arch: process.arch,
    env,
    nodeVersion: process.versions.node,
    cores: availableParallelism(),
    memory: {
      total: Math.min(totalmem(), process.constrainedMemory() || totalmem()),
      available: process.availableMemory(),
    },
    readText: (path) => readFile(path, 'utf8').catch(() => undefined),
    exists: (path) =>
      stat(path).then(
        () => true,
        () => false,
      ),
    list,
    find: async (name, firstIn = []) =>
      (await findExecutable(name, { ...env, PATH: '', Path: '' }, firstIn)) ?? (await findExecutable(name, env)),
    ask: (path, args, cwd) => askTool(path, args, { cwd, env }),
    fileSystem: async (path) => {
      const facts = await statfs(path).catch(() => undefined);
      return facts && { type: facts.type >>> 0, freeBytes: facts.bavail * facts.bsize };
    },
    withoutEvents: fileSystemWithoutEvents,
    isListening,
    listener: findListener,
    isAlive: isSameProcessAlive,
    canWrite: (folder) =>
      access(folder, constants.W_OK | constants.X_OK).then(
        () => true,
        () => false,
      ),
    tryLink,
    initState,
    settings: settingsOf,
  };
}

async function settingsOf(root: string, env: NodeJS.ProcessEnv): Promise<Result<DevSettings, readonly LfError[]>> {
  const fromVariables = readVariables(DEV_ROWS, env);
  const fromFile = await readSettingsFile(DEV_ROWS, join(root, SETTINGS_FILE));
  if (!fromVariables.ok || !fromFile.ok) {
    return err([fromVariables, fromFile].flatMap((read) => (read.ok ? [] : read.error)));
  }
  return ok(resolveSettings([fromVariables.value, fromFile.value]).settings);
}

async function list(folder: string): Promise<readonly FolderEntry[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries.map((entry) => ({ name: entry.name, isFolder: entry.isDirectory() }));
}

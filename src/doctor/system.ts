import { mkdir, mkdtemp, readdir, readFile, rm, stat, statfs, symlink, writeFile } from 'node:fs/promises';
import { availableParallelism, totalmem } from 'node:os';
import { join } from 'node:path';
import { isSameProcessAlive, type ProcessInfo } from '../build/process-tree.js';
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

export type LinkTrial =
  | { readonly kind: 'linked' }
  | { readonly kind: 'refused'; readonly why: string }
  | { readonly kind: 'not tried'; readonly why: string };

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
  /** Makes a symlink in a folder that already exists, and takes it away again. */
  tryLink(folder: string): Promise<LinkTrial>;
  /** What `leptos-fast init` has left in the manifests of the project in this folder. */
  initState(dir: string): Promise<InitState>;
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
    tryLink,
    initState,
  };
}

async function list(folder: string): Promise<readonly FolderEntry[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries.map((entry) => ({ name: entry.name, isFolder: entry.isDirectory() }));
}

async function tryLink(folder: string): Promise<LinkTrial> {
  let trial: string | undefined;
  const made = await mkdir(folder, { recursive: true }).catch(() => undefined);
  try {
    trial = await mkdtemp(join(folder, 'link-trial-'));
    await writeFile(join(trial, 'file'), '');
    await symlink(join(trial, 'file'), join(trial, 'link'), 'file');
    return { kind: 'linked' };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return trial === undefined ? { kind: 'not tried', why } : { kind: 'refused', why };
  } finally {
    if (trial !== undefined) await rm(trial, { recursive: true, force: true });
    if (made !== undefined) await rm(made, { recursive: true, force: true });
  }
}

import { readdir, readFile, stat, statfs } from 'node:fs/promises';
import { availableParallelism, totalmem } from 'node:os';
import { type LinkTrial, tryLink } from '../assets/link-support.js';
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
  /** Makes a symlink in a folder, and takes it away again. */
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

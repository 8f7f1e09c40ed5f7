import { isAbsolute, join } from 'node:path';
import { resolveSettings } from '../../src/config/resolve-settings.js';
import { ok } from '../../src/core/result.js';
import type { Diagnosis, DoctorCheck } from '../../src/doctor/diagnosis.js';
import type { ToolAnswer } from '../../src/doctor/run-tool.js';
import type { FolderEntry, System } from '../../src/doctor/system.js';
import type { LeptosConfig, Workspace } from '../../src/project/model.js';
import { recorded, workspaceOf } from './project-support.js';

/** The folder of the project that the recorded metadata describe. */
export const ROOT = '/project/single';

const HOST = 'x86_64-unknown-linux-gnu';

/** What a test changes about the fake machine: everything else is fine. */
export interface Machine extends Partial<Omit<System, 'find' | 'ask' | 'readText' | 'exists' | 'list'>> {
  /** Every file by its path (below the project unless absolute); folders follow from them. */
  readonly files?: Readonly<Record<string, string>>;
  /** Commands on PATH by name. */
  readonly tools?: readonly string[];
  readonly answers?: Readonly<Record<string, ToolAnswer>>;
}

/** A machine that exists only in this object. */
export function fakeSystem({ files = {}, tools = ['rustc', 'cargo', 'cc'], answers, ...facts }: Machine = {}): System {
  const paths = new Map(
    Object.entries(files).map(([path, text]) => [isAbsolute(path) ? path : join(ROOT, path), text]),
  );
  const answersOf: Readonly<Record<string, ToolAnswer>> = {
    'rustc -vV': { kind: 'answered', stdout: `rustc 1.95.0\nhost: ${HOST}\n` },
    ...answers,
  };
  return {
    platform: 'linux',
    arch: 'x64',
    env: { HOME: '/home/ann' },
    nodeVersion: '20.20.2',
    cores: 4,
    memory: { total: 16e9, available: 8e9 },
    readText: async (path) => paths.get(path),
    exists: async (path) => paths.has(path) || listed(paths, path).length > 0,
    list: async (folder) => listed(paths, folder),
    find: async (name, firstIn = []) => {
      const own = firstIn.map((dir) => join(dir, name)).find((path) => paths.has(path));
      return own ?? (tools.includes(name) ? `/usr/bin/${name}` : undefined);
    },
    ask: async (path, args) =>
      answersOf[[path.split('/').at(-1), ...args].join(' ')] ?? { kind: 'failed', why: 'not in the test' },
    fileSystem: async () => ({ type: 0xef53, freeBytes: 100e9 }),
    withoutEvents: async () => null,
    isListening: async () => false,
    listener: async () => undefined,
    isAlive: async () => false,
    tryLink: async () => ({ kind: 'linked' }),
    canWrite: async () => true,
    initState: async () => ({ kind: 'absent' }),
    settings: async () => ok(resolveSettings([]).settings),
    ...facts,
  };
}

function listed(paths: ReadonlyMap<string, string>, folder: string): FolderEntry[] {
  const entries = new Map<string, boolean>();
  for (const path of paths.keys()) {
    if (!path.startsWith(folder.endsWith('/') ? folder : `${folder}/`)) continue;
    const [name = '', ...below] = path.slice(folder.length).replace(/^\//, '').split('/');
    entries.set(name, below.length > 0 || (entries.get(name) ?? false));
  }
  return [...entries].map(([name, isFolder]) => ({ name, isFolder }));
}

/** What a test changes about the project. */
export interface Project {
  readonly config?: Partial<LeptosConfig>;
  readonly locked?: Readonly<Record<string, readonly string[]>>;
  readonly workspace?: Partial<Workspace>;
  /** The file that `style-file` names is not there. */
  readonly hasNoStyle?: boolean;
}

/** Asks one check about a fake machine and the recorded project `single-crate`. */
export async function diagnose(check: DoctorCheck, machine: Machine = {}, project: Project = {}): Promise<Diagnosis> {
  if (check.of === 'machine') return check.check({ system: fakeSystem(machine), root: ROOT });
  const found = await workspaceOf(await recorded('single-crate'));
  const projects = found.projects.map((one) => ({ ...one, config: { ...one.config, ...project.config } }));
  const styles =
    check.id !== 'style-tools' || project.hasNoStyle ? [] : projects.flatMap(({ config }) => config.styleFile ?? []);
  const files = { ...Object.fromEntries(styles.map((file) => [file, ''])), ...machine.files };
  const system = fakeSystem({ ...machine, files });
  const lockedCrates = new Map(Object.entries(project.locked ?? { leptos: ['0.8.23'], 'wasm-bindgen': ['0.2.130'] }));
  const workspace = { ...found, lockedCrates, ...project.workspace, projects };
  return check.check({ system, root: ROOT, workspace, projects });
}

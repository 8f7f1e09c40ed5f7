import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { exists } from '../core/exists.js';
import { foldersUpwards } from '../core/paths.js';
import { cargoHome, rustupHome } from '../doctor/cargo-home.js';
import type { DiskCache } from './disk-cache.js';

/** One call of `cargo metadata`. */
export interface MetadataCall {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** What cargo made of it. */
export interface MetadataAnswer {
  readonly code: number;
  readonly stdout: string;
  /** It had nothing else to say. */
  readonly isSilent: boolean;
}

/** Variables that cargo and rustup look at. */
const CARGOS_VARIABLE = /^(CARGO|RUST|HOME$)/;
/** Folders whose files become targets without being named in the manifest (doc.rust-lang.org/cargo/guide/project-layout.html). */
const TARGET_FOLDERS = ['src/bin', 'examples', 'tests', 'benches'];
const TARGET_FILES = ['src/main.rs', 'src/lib.rs', 'build.rs'];
const CONFIG_FILES = ['.cargo/config.toml', '.cargo/config', 'rust-toolchain.toml', 'rust-toolchain', 'Cargo.toml'];
/** Time (ms) that must lie between the last write of a file and cargo's start: what changes meanwhile would be kept wrong. */
const TICK_MS = 50;

/**
 * Answers of `cargo metadata` (0.1 to 0.3 s each), which cargo-leptos asks for at each of its starts. An answer holds while all that
 * cargo reads for it is the same: manifests, lock file, names of the targets' files, configuration, toolchain. One with a warning is
 * not kept, so that the warning comes again.
 */
export class MetadataCache {
  readonly #cache: DiskCache;

  constructor(cache: DiskCache) {
    this.#cache = cache;
  }

  /** The answer that is kept, else that of `run`. */
  async answer(call: MetadataCall, run: () => Promise<MetadataAnswer>): Promise<MetadataAnswer> {
    const key = keyOf(call);
    const kept = await this.#cache.get('metadata', key, stillHolds);
    if (kept) return { code: 0, stdout: kept.value.slice(kept.value.indexOf('\n') + 1), isSilent: true };
    const startedAt = Date.now();
    const answer = await run();
    const costMs = Date.now() - startedAt;
    if (answer.code !== 0 || !answer.isSilent) return answer;
    const inputs = await inputsOf(call, answer.stdout, startedAt).catch(() => null);
    if (inputs) await this.#cache.set('metadata', key, `${JSON.stringify(inputs)}\n${answer.stdout}`, costMs);
    return answer;
  }
}

/** Files and folders with what they were like. */
type Inputs = Readonly<Record<string, string>>;

function keyOf({ program, args, cwd, env }: MetadataCall): string {
  const variables = Object.entries(env).filter(([name]) => CARGOS_VARIABLE.test(name));
  return JSON.stringify([program, args, cwd, variables.sort(([a], [b]) => (a < b ? -1 : 1))]);
}

async function stillHolds(value: string): Promise<boolean> {
  try {
    const inputs = JSON.parse(value.slice(0, value.indexOf('\n'))) as Inputs;
    const same = await Promise.all(Object.entries(inputs).map(async ([path, like]) => (await likeness(path)) === like));
    return same.every(Boolean);
  } catch {
    return false;
  }
}

/** All that an answer rests on; null when it cannot be told, or was written while cargo ran. */
async function inputsOf(call: MetadataCall, stdout: string, startedAt: number): Promise<Inputs | null> {
  const { workspace_root: root, packages } = JSON.parse(stdout) as {
    workspace_root: string;
    packages: readonly { source: string | null; manifest_path: string }[];
  };
  const manifests = packages.filter(({ source }) => source === null).map((each) => each.manifest_path);
  const manifest = join(root, 'Cargo.toml');
  const globbed = await memberFolders(root, await readFile(manifest, 'utf8'));
  if (globbed === null) return null;
  const folders = [...new Set([...manifests, manifest].map(dirname))];
  const paths = [
    ...new Set([
      ...manifests,
      join(root, 'Cargo.lock'),
      ...globbed,
      ...folders.flatMap((folder) => [...TARGET_FILES, ...TARGET_FOLDERS].map((name) => join(folder, name))),
      ...[...foldersUpwards(resolve(call.cwd)), ...foldersUpwards(root)].flatMap((folder) =>
        CONFIG_FILES.map((name) => join(folder, name)),
      ),
      join(cargoHome(call.env), 'config.toml'),
      join(cargoHome(call.env), 'config'),
      join(rustupHome(call.env), 'settings.toml'),
      ...(await installedToolchains(call.env)),
      call.program,
    ]),
  ];
  const inputs: Record<string, string> = {};
  for (const path of paths) {
    const stats = await stat(path).catch(() => null);
    if (stats && stats.mtimeMs > startedAt - TICK_MS) return null;
    inputs[path] = await likeness(path);
  }
  return inputs;
}

/** Folders in which every package is a member of the workspace (`members = ["crates/*"]`); null for a glob that is not so simple. */
async function memberFolders(root: string, manifest: string): Promise<readonly string[] | null> {
  const { parse } = await import('smol-toml');
  const { workspace } = parse(manifest) as { workspace?: { members?: unknown; exclude?: unknown } };
  const members = Array.isArray(workspace?.members) ? workspace.members.map(String) : [];
  const globs = members.filter((member) => /[*?[]/.test(member));
  if (globs.some((glob) => !/^[^*?[]*\*\/?$/.test(glob))) return null;
  return globs.map((glob) => resolve(root, dirname(glob)));
}

/** Files that an update of a toolchain changes. */
async function installedToolchains(env: MetadataCall['env']): Promise<readonly string[]> {
  const folder = join(rustupHome(env), 'update-hashes');
  return (await readdir(folder).catch(() => [])).map((name) => join(folder, name));
}

/** What of a file or folder can matter: a manifest's or configuration's bytes, a folder's names, that there is one at all. */
async function likeness(path: string): Promise<string> {
  const stats = await stat(path).catch(() => null);
  if (!stats) return 'none';
  if (stats.isDirectory()) {
    const names = (await readdir(path)).sort();
    const isTarget = (name: string): Promise<boolean[]> =>
      Promise.all(['Cargo.toml', 'main.rs'].map((inner) => exists(join(path, name, inner))));
    const kinds = await Promise.all(names.map(async (name) => `${name} ${(await isTarget(name)).join(' ')}`));
    return `folder ${digest(kinds.join('\0'))}`;
  }
  if (path.endsWith('.rs')) return 'file';
  return stats.size > 1_000_000 && !path.endsWith('Cargo.lock')
    ? `file ${stats.size} ${stats.mtimeMs}`
    : `file ${digest(await readFile(path))}`;
}

function digest(content: string | Buffer): string {
  return createHash('sha1').update(content).digest('hex');
}

import { existsSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import * as v from 'valibot';
import type { LfError } from '../core/errors.js';
import { err, ok, type Result } from '../core/result.js';
import { runCargoMetadata } from './init-cargo.js';
import { leptosTables } from './manifest-edit.js';
import { parseManifest } from './manifest-edit-parse.js';
import { type ManifestFile, readManifestFile } from './manifest-write.js';

/** The manifests that `init` has to do with. */
export interface InitTargets {
  /** The folder of the workspace's Cargo.toml and Cargo.lock. */
  readonly workspaceRoot: string;
  /** The workspace root's manifest, the only one in which cargo heeds profiles. */
  readonly root: ManifestFile;
  /** Members with Leptos metadata of their own, without the root's manifest. */
  readonly members: readonly ManifestFile[];
}

const Metadata = v.object({
  workspace_root: v.string(),
  workspace_members: v.array(v.string()),
  packages: v.array(v.object({ id: v.string(), manifest_path: v.string(), metadata: v.unknown() })),
});

/**
 * Finds the manifests from a folder (or from a Cargo.toml) on: upwards as cargo does, then what cargo says about the
 * workspace. Errors: LF001 no Cargo.toml, LF002 invalid TOML with line and column, LF003 no Leptos metadata, LF004
 * unreadable, LF005 cargo's own refusal, LF010 no cargo. Without `needsLeptos` LF003 is none: what was merged can be
 * removed also after the metadata has gone.
 */
export async function locateInitTargets(dir: string, needsLeptos = true): Promise<Result<InitTargets>> {
  const nearest = findManifestUpwards(dir);
  if (!nearest) return err(noManifest(dir));
  const file = await readManifestFile(nearest);
  if (!file.ok) return file;
  const parsed = parseManifest(file.value.text, nearest);
  if (!parsed.ok) return parsed;
  const answer = await runCargoMetadata(dirname(nearest), ['--no-deps', '--manifest-path', nearest]);
  if (!answer.ok) return answer;
  if (answer.value.exitCode !== 0) return err(await explainRefusal(nearest, answer.value.stderr));
  const metadata = v.parse(Metadata, JSON.parse(answer.value.stdout));
  return readTargets(metadata, needsLeptos);
}

/** The nearest Cargo.toml at or above a folder; like cargo, without a look at whether it is a file. */
function findManifestUpwards(dir: string): string | undefined {
  const start = resolve(dir);
  if (basename(start) === 'Cargo.toml' && statSync(start, { throwIfNoEntry: false })?.isFile()) return start;
  if (!statSync(start, { throwIfNoEntry: false })?.isDirectory()) return undefined;
  for (let folder = start; ; folder = dirname(folder)) {
    const candidate = join(folder, 'Cargo.toml');
    if (existsSync(candidate)) return candidate;
    if (folder === dirname(folder)) return undefined;
  }
}

async function readTargets(
  metadata: v.InferOutput<typeof Metadata>,
  needsLeptos: boolean,
): Promise<Result<InitTargets>> {
  const rootPath = join(metadata.workspace_root, 'Cargo.toml');
  const root = await readManifestFile(rootPath);
  if (!root.ok) return root;
  const members: ManifestFile[] = [];
  const workspaceMembers = new Set(metadata.workspace_members);
  for (const { id, manifest_path, metadata: own } of metadata.packages) {
    if (!workspaceMembers.has(id) || !hasLeptos(own) || resolve(manifest_path) === resolve(rootPath)) continue;
    const member = await readManifestFile(manifest_path);
    if (!member.ok) return member;
    members.push(member.value);
  }
  const parsedRoot = parseManifest(root.value.text, rootPath);
  if (!parsedRoot.ok) return parsedRoot;
  if (needsLeptos && members.length === 0 && leptosTables(parsedRoot.value).length === 0)
    return err(noLeptos(rootPath));
  return ok({ workspaceRoot: metadata.workspace_root, root: root.value, members });
}

function hasLeptos(metadata: unknown): boolean {
  return typeof metadata === 'object' && metadata !== null && 'leptos' in metadata;
}

/** Cargo's refusal, or the place of the broken TOML when a member's or the workspace's manifest is why. */
async function explainRefusal(manifest: string, stderr: string): Promise<LfError> {
  const mentioned = [...stderr.matchAll(/[^\s`'"]*Cargo\.toml|`([^`]+)`/g)].map(([whole, quoted]) => quoted ?? whole);
  for (const mention of mentioned) {
    const path = resolve(dirname(manifest), basename(mention) === 'Cargo.toml' ? mention : join(mention, 'Cargo.toml'));
    if (!existsSync(path)) continue;
    const file = await readManifestFile(path);
    if (!file.ok) return file.error;
    const parsed = parseManifest(file.value.text, path);
    if (!parsed.ok) return parsed.error;
  }
  return {
    code: 'LF005',
    message: 'cargo metadata failed',
    where: { file: manifest },
    why: stderr.trim(),
    help: ['mend what cargo names; cargo-leptos cannot work on this project either'],
    exitCode: 3,
  };
}

function noManifest(dir: string): LfError {
  return {
    code: 'LF001',
    message: 'there is no Cargo.toml here or in a folder above',
    where: { file: resolve(dir) },
    help: ['run leptos-fast in a Leptos project, or name its folder: leptos-fast init path/to/project'],
    exitCode: 3,
  };
}

function noLeptos(manifest: string): LfError {
  return {
    code: 'LF003',
    message: 'no package of this workspace has Leptos metadata',
    where: { file: manifest },
    why: 'cargo-leptos needs [package.metadata.leptos] in a member, or [[workspace.metadata.leptos]] in the workspace',
    help: ['add one of them: https://book.leptos.dev/ssr/21_cargo_leptos.html'],
    exitCode: 3,
  };
}

import { basename, dirname, extname, join, relative, sep } from 'node:path';
import ignore, { type Ignore } from 'ignore';
import { isInside } from '../../core/paths.js';
import { type Diagnosis, type DoctorCheck, type ProjectContext, worstOf } from '../diagnosis.js';
import type { System } from '../system.js';
import { walkFolders } from '../walk-folders.js';

const FOLDER_LIMIT = 5_000;

/** A .gitignore that counts for the project. */
interface IgnoreFile {
  readonly file: string;
  readonly folder: string;
  readonly text: string;
  readonly lines: readonly string[];
  readonly rules: Ignore;
}

/** Does git ignore what is built, and only that? cargo-leptos, Tailwind and leptos-fast leave out what it ignores. */
export const gitignoreCheck: DoctorCheck = { id: 'gitignore', of: 'project', check };

async function check(context: ProjectContext): Promise<Diagnosis> {
  const { system, workspace } = context;
  const repository = await repositoryAround(workspace.root, system);
  const top = repository ?? workspace.root;
  const outer = await readIgnoreFiles(foldersBetween(top, workspace.root), system);
  const findings = [
    ...(repository === undefined ? [] : await targetNotIgnored(context, repository, outer)),
    ...namesFolderAbove(workspace, outer),
    ...(await sourcesIgnored(context, outer)),
  ];
  const found = repository === undefined ? 'not in a git repository' : 'what is built is ignored, sources are not';
  return worstOf(findings, { status: 'ok', found });
}

async function targetNotIgnored(
  { system, workspace }: ProjectContext,
  repository: string,
  outer: readonly IgnoreFile[],
): Promise<readonly Diagnosis[]> {
  const { root, targetDir } = workspace;
  if (!isInside(targetDir, repository) || verdictOn(targetDir, true, outer) !== undefined) return [];
  const file = join(root, '.gitignore');
  const before = await system.readText(file);
  const pattern = `/${relative(root, targetDir).split(sep).join('/')}`;
  const isBelowRoot = isInside(targetDir, root);
  return [
    {
      status: 'warning',
      found: `no .gitignore names ${basename(targetDir)}`,
      why: 'git, editors and Tailwind go through its thousands of files, and cargo-leptos says that watching gets expensive.',
      where: { file },
      fix: [`Add the line ${isBelowRoot ? pattern : basename(targetDir)} to .gitignore`],
      ...(isBelowRoot && { repair: { kind: 'edit', file, before, after: withLine(before ?? '', pattern) } }),
    },
  ];
}

/**
 * cargo-leptos matches every folder above a file too, up to the root of the drive, with the workspace's .gitignore (0.3.11:
 * `ignore_paths` in service/notify.rs): in /builds/target/app a line `target` without a slash makes it watch nothing.
 */
function namesFolderAbove(
  { root, targetDir }: ProjectContext['workspace'],
  outer: readonly IgnoreFile[],
): readonly Diagnosis[] {
  const own = outer.find(({ folder }) => folder === root);
  if (!own) return [];
  for (let above = dirname(root); dirname(above) !== above; above = dirname(above)) {
    const name = basename(above);
    if (!own.rules.test(`${name}/`).ignored) continue;
    const line = lineFor(own, `${name}/`);
    const pattern = own.lines[line - 1]?.trim() ?? '';
    // Only a pattern without a slash (but for one at its end) matches names anywhere.
    if (/\/./.test(pattern)) continue;
    return [
      {
        status: 'warning',
        found: `the pattern ${pattern} also names ${name}, a folder above the project`,
        why: `cargo-leptos then ignores everything in the project and sees no change (${above}).`,
        where: { file: own.file, line },
        fix: [`Anchor it: /${pattern}`],
        ...(isNameOf(pattern, root, targetDir) && {
          repair: { kind: 'edit', file: own.file, before: own.text, after: anchored(own, line) },
        }),
      },
    ];
  }
  return [];
}

/** Is it the plain name of the target directory in the workspace's folder? Only that may be anchored without a thought. */
function isNameOf(pattern: string, root: string, targetDir: string): boolean {
  return dirname(targetDir) === root && pattern.replace(/\/$/, '') === basename(targetDir);
}

function anchored({ text, lines }: IgnoreFile, line: number): string {
  const end = text.includes('\r\n') ? '\r\n' : '\n';
  return lines.map((old, index) => (index === line - 1 ? `/${old.trim()}` : old)).join(end);
}

async function sourcesIgnored(
  { system, workspace }: ProjectContext,
  outer: readonly IgnoreFile[],
): Promise<readonly Diagnosis[]> {
  for (const { dir } of workspace.packages) {
    if (!isInside(dir, workspace.root)) continue;
    const src = join(dir, 'src');
    const between = foldersBetween(workspace.root, src).filter((folder) => folder !== workspace.root);
    const files = [...outer, ...(await readIgnoreFiles(between, system))];
    for (const { folder, entries } of await walkFolders(src, [workspace.targetDir], system, FOLDER_LIMIT)) {
      for (const { name, isFolder } of entries) {
        if (isFolder || extname(name) !== '.rs') continue;
        const path = join(folder, name);
        const by = verdictOn(path, false, files);
        if (by === undefined) continue;
        const line = lineFor(by, nameIn(by, path));
        return [
          {
            status: 'warning',
            found: `the source ${relative(workspace.root, path)} is ignored`,
            why: `The pattern ${by.lines[line - 1]?.trim()} matches it: git does not keep it, Tailwind does not read its classes, and it is watched only once a build has read it.`,
            where: { file: by.file, line },
            fix: ['Anchor the pattern with a slash in front, or take the sources out: !src/**'],
          },
        ];
      }
    }
  }
  return [];
}

/** The file that ignores a path, if one does: the innermost with an opinion wins, as in git. */
function verdictOn(path: string, isFolder: boolean, files: readonly IgnoreFile[]): IgnoreFile | undefined {
  const inner = files.filter(({ folder }) => isInside(path, folder)).sort((a, b) => b.folder.length - a.folder.length);
  for (const file of inner) {
    const { ignored, unignored } = file.rules.test(isFolder ? `${nameIn(file, path)}/` : nameIn(file, path));
    if (ignored) return file;
    if (unignored) return undefined;
  }
  return undefined;
}

function nameIn({ folder }: IgnoreFile, path: string): string {
  return relative(folder, path).split(sep).join('/');
}

/** The line that decides, counted from 1: the last one that matches by itself. */
function lineFor({ lines }: IgnoreFile, name: string): number {
  return lines.findLastIndex((line) => ignore().add(line).test(name).ignored) + 1;
}

async function readIgnoreFiles(folders: readonly string[], system: System): Promise<readonly IgnoreFile[]> {
  const read = await Promise.all(
    folders.map(async (folder) => {
      const file = join(folder, '.gitignore');
      const text = await system.readText(file);
      return text === undefined ? [] : [{ file, folder, text, lines: text.split(/\r?\n/), rules: ignore().add(text) }];
    }),
  );
  return read.flat();
}

/** From `outer` to `inner`, both included. */
function foldersBetween(outer: string, inner: string): readonly string[] {
  const folders: string[] = [];
  for (let folder = inner; isInside(folder, outer); folder = dirname(folder)) {
    folders.unshift(folder);
    if (dirname(folder) === folder) break;
  }
  return folders;
}

async function repositoryAround(root: string, system: System): Promise<string | undefined> {
  for (let folder = root; ; folder = dirname(folder)) {
    if (await system.exists(join(folder, '.git'))) return folder;
    if (dirname(folder) === folder) return undefined;
  }
}

/** The text with one more line, in its own line ends. */
function withLine(text: string, line: string): string {
  const end = text.includes('\r\n') ? '\r\n' : '\n';
  return `${text}${text === '' || text.endsWith('\n') ? '' : end}${line}${end}`;
}

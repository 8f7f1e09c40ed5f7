import { basename, dirname, extname, relative, sep } from 'node:path';
import { RUST_SIDES, type RustSide, type Side } from '../core/events.js';
import { isInside } from '../core/paths.js';
import type { LeptosProject, PackageInfo, Workspace } from '../project/model.js';

/** Which sides a file belongs to, and whether its change may alter the project's configuration. */
export interface Classification {
  readonly sides: readonly Side[];
  /** Manifest, lock file, .env, toolchain: the workspace must be read anew before the next build. */
  readonly configuration: boolean;
  /** For people: what kind of file it is. */
  readonly what: string;
}

const BOTH: readonly Side[] = ['front', 'server'];
/** cargo-leptos 0.3.11, service/notify.rs: STYLE_EXTENSIONS. */
const STYLE_EXTENSIONS = new Set(['.css', '.scss', '.sass']);
/** Folders of a package whose code is in neither side's build. */
const UNBUILT_FOLDERS = new Set(['tests', 'benches', 'examples']);

/** Which files each side's last successful build was made from, as rustc's dep-info tells. */
export class BuildInputs {
  readonly #files = new Map<RustSide, ReadonlySet<string>>();

  /** Replaces what is known of a side. */
  set(side: RustSide, files: readonly string[]): void {
    this.#files.set(side, new Set(files));
  }

  /** The sides whose last build read that file. */
  sidesOf(path: string): readonly RustSide[] {
    return RUST_SIDES.filter((side) => this.#files.get(side)?.has(path));
  }
}

/** Sorts files by what cargo-leptos would have to build again because of them. */
export class Classifier {
  readonly #workspace: Workspace;
  readonly #project: LeptosProject;
  /** Deepest folder first, so that a member inside another member's folder is found. */
  readonly #packages: readonly PackageInfo[];
  readonly #configurationFiles: ReadonlySet<string>;
  readonly #inputs: BuildInputs;

  /** @param inputs what earlier builds were made from; filled as builds end. */
  constructor(workspace: Workspace, project: LeptosProject, inputs: BuildInputs = new BuildInputs()) {
    this.#inputs = inputs;
    this.#workspace = workspace;
    this.#project = project;
    this.#packages = [...workspace.packages].sort((a, b) => b.dir.length - a.dir.length);
    this.#configurationFiles = new Set(configurationFiles(workspace, project));
  }

  /** Classifies an absolute path; `null` when no side is built from it. */
  classify(path: string): Classification | null {
    const { config } = this.#project;
    if (this.#configurationFiles.has(path)) return { sides: BOTH, configuration: true, what: 'configuration' };
    const sides = new Set<Side>();
    const whats: string[] = [];
    const add = (what: string, ...more: readonly Side[]): void => {
      whats.push(what);
      for (const side of more) sides.add(side);
    };
    if (config.assetsDir !== undefined && isInside(path, config.assetsDir)) add('asset', 'assets');
    if (this.#isStyle(path)) add('style', 'style');
    if (config.additionalFiles.some((wanted) => isInside(path, wanted))) add('additional file', ...BOTH);
    const used = this.#inputs.sidesOf(path);
    // A file that no build has read may be a new module of either side.
    if (extname(path) === '.rs') add('Rust source', ...(used.length > 0 ? used : this.#rustSides(path)));
    else if (used.length > 0) add('included file', ...used);
    if (extname(path) === '.js' && isInside(path, config.jsDir)) add('JavaScript', 'front');
    return sides.size === 0 ? null : { sides: [...sides], configuration: false, what: whats.join(' and ') };
  }

  #isStyle(path: string): boolean {
    const { styleFile, tailwindInputFile, tailwindConfigFile } = this.#project.config;
    if (path === tailwindInputFile || path === tailwindConfigFile) return true;
    return styleFile !== undefined && isInside(path, dirname(styleFile)) && STYLE_EXTENSIONS.has(extname(path));
  }

  #rustSides(path: string): readonly Side[] {
    const owner = this.#packages.find((candidate) => isInside(path, candidate.dir));
    if (!owner) return [];
    const [folder] = relative(owner.dir, path).split(sep);
    if (folder !== undefined && UNBUILT_FOLDERS.has(folder)) return [];
    const sides: Side[] = [];
    if (this.#project.frontPackages.some((member) => member.id === owner.id)) sides.push('front');
    if (this.#project.serverPackages.some((member) => member.id === owner.id)) sides.push('server');
    return sides;
  }

  /** Files and folders that must be watched though a .gitignore may name them. */
  get forced(): readonly string[] {
    const { assetsDir, styleFile, tailwindInputFile, tailwindConfigFile, additionalFiles } = this.#project.config;
    const named = [assetsDir, styleFile && dirname(styleFile), tailwindInputFile, tailwindConfigFile];
    return [...named.filter((path) => path !== undefined), ...additionalFiles, ...this.#configurationFiles];
  }

  /** What to watch: the workspace, path dependencies outside it, and whatever the configuration names elsewhere. */
  get roots(): readonly string[] {
    const outside = [...this.#workspace.packages.map((member) => member.dir), ...this.forced].filter(
      (path) => !isInside(path, this.#workspace.root),
    );
    return [this.#workspace.root, ...new Set(outside)];
  }
}

/** The files that decide how the project is built, whether they exist or not. */
function configurationFiles(workspace: Workspace, project: LeptosProject): string[] {
  const files: string[] = [workspace.manifestPath];
  for (const name of ['Cargo.lock', '.env', 'rust-toolchain', 'rust-toolchain.toml']) {
    files.push(`${workspace.root}${sep}${name}`);
  }
  for (const name of ['config', 'config.toml']) files.push(`${workspace.root}${sep}.cargo${sep}${name}`);
  for (const member of workspace.packages) {
    files.push(member.manifestPath, `${member.dir}${sep}build.rs`);
  }
  if (project.config.envFile !== undefined) files.push(project.config.envFile);
  return [...new Set(files)];
}

/** True for files whose change must be followed by reading `cargo metadata` and the Leptos settings again. */
export function changesConfiguration(path: string): boolean {
  return !['build.rs', 'Cargo.lock'].includes(basename(path));
}

/** True for files whose change may let cargo compile dependencies again. */
export function changesDependencies(path: string): boolean {
  return ['Cargo.toml', 'Cargo.lock'].includes(basename(path));
}

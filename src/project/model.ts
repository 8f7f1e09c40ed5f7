/**
 * What a Leptos workspace is, as the rest of the tool sees it. All paths are absolute unless a field says otherwise.
 * Where a field follows a rule of cargo-leptos, the rule is that of cargo-leptos 0.3.11.
 */

import type { FeatureWishes } from './feature-wishes.js';

export { loadWorkspace } from './load-workspace.js';
export { selectProject } from './select-project.js';

/** A package that cargo builds from source on this machine: a workspace member or a path dependency. */
export interface PackageInfo {
  /** cargo's package id, as in `cargo metadata` and in `--message-format=json`. */
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly manifestPath: string;
  /** The folder of the manifest. */
  readonly dir: string;
  /** Is it a workspace member? */
  readonly isMember: boolean;
  readonly hasBuildScript: boolean;
}

/** The effective settings of a Leptos project: process env over `.env` over manifest over default. */
export interface LeptosConfig {
  readonly outputName: string;
  readonly siteAddr: { readonly host: string; readonly port: number };
  readonly reloadPort: number;
  readonly siteRoot: string;
  /** Relative to `siteRoot`. */
  readonly sitePkgDir: string;
  readonly styleFile?: string;
  readonly assetsDir?: string;
  /** Changes to `*.js` in here ask for a front build. */
  readonly jsDir: string;
  readonly tailwindInputFile?: string;
  readonly tailwindConfigFile?: string;
  /** The paths of `watch-additional-files`, of both its plain and its object form. */
  readonly additionalFiles: readonly string[];
  readonly hashFiles: boolean;
  readonly libProfileDev?: string;
  /** The wasm's profile in releases; `release` where there is none. */
  readonly libProfileRelease?: string;
  readonly binProfileDev?: string;
  /** Runs instead of `cargo` for the server's build. */
  readonly binCargoCommand?: string;
  /** Target directory of the front build, without triple and profile. */
  readonly frontTargetDir: string;
  /** Target directory of the server build, without triple and profile. */
  readonly binTargetDir: string;
  /** The `.env` that was read, if any. */
  readonly envFile?: string;
}

/** One Leptos app: the library that becomes wasm, the binary that serves it, and its settings. */
export interface LeptosProject {
  readonly name: string;
  readonly libPackage: PackageInfo;
  readonly binPackage: PackageInfo;
  /** Name of the server's bin target in `binPackage`. */
  readonly binTarget: string;
  /**
   * `libPackage` first, then its path dependencies and theirs (normal and build ones, no dev ones),
   * also those outside the workspace.
   */
  readonly frontPackages: readonly PackageInfo[];
  /** The same from `binPackage`. */
  readonly serverPackages: readonly PackageInfo[];
  readonly config: LeptosConfig;
}

/** A cargo workspace (or a single package) that holds one or more Leptos projects. */
export interface Workspace {
  /** Folder of the workspace's root manifest. */
  readonly root: string;
  /** The workspace's root manifest. */
  readonly manifestPath: string;
  readonly targetDir: string;
  /** Is there more than one member? This is cargo-leptos's own test. */
  readonly isWorkspace: boolean;
  /** Members and path dependencies. */
  readonly packages: readonly PackageInfo[];
  /** Never empty. */
  readonly projects: readonly LeptosProject[];
  /** Which of `[package.metadata.leptos]` and `[[workspace.metadata.leptos]]` there are. */
  readonly metadataPlace: 'package' | 'workspace' | 'both';
  /** Every locked crate's versions, by name. */
  readonly lockedCrates: ReadonlyMap<string, readonly string[]>;
  readonly featureWishes: FeatureWishes;
}

export interface LoadOptions {
  /** The environment that cargo and cargo-leptos will see. */
  readonly env: NodeJS.ProcessEnv;
  /** The cargo to run; by default the one on `env.PATH`. */
  readonly cargo?: string;
  readonly signal?: AbortSignal;
}

import { join } from 'node:path';
import type { LeptosConfig, LeptosProject, PackageInfo, Workspace } from '../../src/project/model.js';

/** A package in a folder. */
export function packageIn(dir: string, name: string, more: Partial<PackageInfo> = {}): PackageInfo {
  return {
    id: `path+file://${dir}#${name}@0.1.0`,
    name,
    version: '0.1.0',
    manifestPath: join(dir, 'Cargo.toml'),
    dir,
    isMember: true,
    hasBuildScript: false,
    ...more,
  };
}

export function configIn(root: string, more: Partial<LeptosConfig> = {}): LeptosConfig {
  return {
    outputName: 'app',
    siteAddr: { host: '127.0.0.1', port: 3000 },
    reloadPort: 3001,
    siteRoot: join(root, 'target/site'),
    sitePkgDir: 'pkg',
    jsDir: join(root, 'src'),
    additionalFiles: [],
    hashFiles: false,
    frontTargetDir: join(root, 'target/front'),
    binTargetDir: join(root, 'target'),
    ...more,
  };
}

export interface ModelOptions {
  readonly root: string;
  readonly front: readonly PackageInfo[];
  readonly server: readonly PackageInfo[];
  /** Packages that belong to neither side. */
  readonly others?: readonly PackageInfo[];
  readonly config?: Partial<LeptosConfig>;
}

/** A workspace with one Leptos project; the first of `front` is its library, the first of `server` its binary. */
export function model({ root, front, server, others = [], config = {} }: ModelOptions): {
  readonly workspace: Workspace;
  readonly project: LeptosProject;
} {
  const [libPackage, binPackage] = [front[0], server[0]];
  if (!libPackage || !binPackage) throw new Error('a project needs both packages');
  const project: LeptosProject = {
    name: binPackage.name,
    libPackage,
    binPackage,
    binTarget: binPackage.name,
    frontPackages: front,
    serverPackages: server,
    config: configIn(root, config),
  };
  const packages = [...new Map([...front, ...server, ...others].map((pkg) => [pkg.id, pkg])).values()];
  const workspace: Workspace = {
    root,
    manifestPath: join(root, 'Cargo.toml'),
    targetDir: join(root, 'target'),
    isWorkspace: packages.length > 1,
    packages,
    projects: [project],
    metadataPlace: packages.length > 1 ? 'workspace' : 'package',
    lockedCrates: new Map(),
    featureWishes: new Map(),
  };
  return { workspace, project };
}

/** A single crate that is both sides. */
export function singleCrate(root: string, config: Partial<LeptosConfig> = {}): ReturnType<typeof model> {
  const app = packageIn(root, 'app');
  return model({ root, front: [app], server: [app], config });
}

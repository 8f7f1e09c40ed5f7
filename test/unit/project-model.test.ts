import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { leptosTable, names, problemOf, projectOf, recorded, workspaceOf } from './project-support.js';

describe('single crate', () => {
  it('is one project, named as the package', async () => {
    const workspace = await workspaceOf(await recorded('single-crate'));
    const [project] = workspace.projects;
    expect(workspace).toMatchObject({
      root: '/project/single',
      manifestPath: '/project/single/Cargo.toml',
      targetDir: '/project/single/target',
      isWorkspace: false,
      metadataPlace: 'package',
    });
    expect(names(workspace.projects)).toEqual(['my-app']);
    expect(project?.libPackage).toEqual(project?.binPackage);
    expect(project?.binTarget).toBe('my-app');
    expect(project?.libPackage).toEqual({
      id: 'path+file:///project/single#my-app@0.1.0',
      name: 'my-app',
      version: '0.1.0',
      manifestPath: '/project/single/Cargo.toml',
      dir: '/project/single',
      isMember: true,
      hasBuildScript: false,
    });
  });

  it('is built from path dependencies outside the workspace, without dev dependencies and registry crates', async () => {
    const workspace = await workspaceOf(await recorded('single-crate'));
    const { frontPackages } = projectOf(workspace, 'my-app');
    expect(names(frontPackages)).toEqual(['my-app', 'shared']);
    expect(frontPackages[1]).toMatchObject({ dir: '/project/shared', isMember: false, hasBuildScript: true });
    expect(names(workspace.packages)).toEqual(['my-app', 'shared', 'test-tools']);
  });

  it('counts an optional path dependency that is known', async () => {
    const metadata = await recorded('single-crate');
    const shared = metadata.packages.find(({ name }) => name === 'shared');
    if (!shared) throw new Error('no shared');
    metadata.packages.push({
      ...shared,
      id: 'path+file:///project/ssr-only#0.2.0',
      name: 'ssr-only',
      manifest_path: '/project/ssr-only/Cargo.toml',
    });
    const { serverPackages } = projectOf(await workspaceOf(metadata), 'my-app');
    expect(names(serverPackages).sort()).toEqual(['my-app', 'shared', 'ssr-only']);
  });

  it('reads every setting', async () => {
    const { config } = projectOf(await workspaceOf(await recorded('single-crate')), 'my-app');
    expect(config).toEqual({
      libProfileRelease: 'wasm-release',
      outputName: 'my-app',
      siteAddr: { host: '127.0.0.1', port: 3000 },
      reloadPort: 3001,
      siteRoot: '/project/single/target/site',
      sitePkgDir: 'pkg',
      styleFile: '/project/single/style/main.scss',
      assetsDir: '/project/single/public',
      jsDir: '/project/single/src',
      additionalFiles: ['/project/single/content', '/project/single/data', '/elsewhere/texts'],
      hashFiles: false,
      frontTargetDir: '/project/single/target/front',
      binTargetDir: '/project/single/target',
    });
  });

  it('has defaults for everything', async () => {
    const metadata = await recorded('single-crate');
    const table = leptosTable(metadata);
    for (const key of Object.keys(table)) delete table[key];
    const { config } = projectOf(await workspaceOf(metadata), 'my-app');
    expect(config).toEqual({
      outputName: 'my-app',
      siteAddr: { host: '127.0.0.1', port: 3000 },
      reloadPort: 3001,
      siteRoot: '/project/single/target/site',
      sitePkgDir: 'pkg',
      jsDir: '/project/single/src',
      additionalFiles: [],
      hashFiles: false,
      frontTargetDir: '/project/single/target/front',
      binTargetDir: '/project/single/target',
    });
  });
});

describe('workspace', () => {
  it('takes library and server from different packages', async () => {
    const workspace = await workspaceOf(await recorded('workspace'));
    expect(workspace).toMatchObject({ root: '/project/ws', isWorkspace: true, metadataPlace: 'workspace' });
    const project = projectOf(workspace, 'start');
    expect([project.libPackage.name, project.binPackage.name, project.binTarget]).toEqual([
      'frontend',
      'server',
      'server',
    ]);
    expect(names(project.frontPackages)).toEqual(['frontend', 'app', 'macros']);
    // codegen is a build dependency; that codegen's tests use the frontend makes nothing depend on it.
    expect(names(project.serverPackages).sort()).toEqual(['app', 'codegen', 'macros', 'server']);
    expect(project.config).toMatchObject({
      outputName: 'start',
      libProfileDev: 'dev-fast',
      binProfileDev: 'dev-fast',
      styleFile: '/project/ws/style/main.scss',
      assetsDir: '/project/ws/public',
    });
  });

  it('refuses a member outside its folder, as cargo-leptos does', async () => {
    const metadata = await recorded('workspace');
    const codegen = metadata.packages.find(({ name }) => name === 'codegen');
    if (codegen) codegen.manifest_path = '/project/codegen/Cargo.toml';
    expect((await problemOf(metadata)).message).toContain('codegen lies outside the workspace');
  });
});

describe('several projects', () => {
  it('finds those of the workspace and those of packages', async () => {
    const workspace = await workspaceOf(await recorded('several-projects'));
    expect(names(workspace.projects)).toEqual(['one', 'project2']);
    expect(workspace.metadataPlace).toBe('both');
  });

  it('resolves styles and assets from the manifest that names them, js-dir and target folders from the root', async () => {
    const workspace = await workspaceOf(await recorded('several-projects'));
    expect(projectOf(workspace, 'one').config).toMatchObject({
      styleFile: '/project/several/css/one.css',
      frontTargetDir: '/project/several/target/wasm',
      binTargetDir: '/project/several/target/server',
    });
    expect(projectOf(workspace, 'project2').config).toMatchObject({
      styleFile: '/project/several/project2/css/two.css',
      assetsDir: '/project/several/project2/public',
      jsDir: '/project/several/js',
      siteAddr: { host: '::1', port: 4000 },
      siteRoot: '/project/several/target/site',
    });
  });

  it('applies an environment variable to all of them', async () => {
    const workspace = await workspaceOf(await recorded('several-projects'), { LEPTOS_ASSETS_DIR: 'static' });
    expect(workspace.projects.map(({ config }) => config.assetsDir)).toEqual([
      '/project/several/static',
      '/project/several/project2/static',
    ]);
  });
});

describe('paths', () => {
  it.each([
    ['CARGO_TARGET_DIR/out', '/project/ws/target/out'],
    ['CARGO_BUILD_TARGET_DIR/out', '/project/ws/target/out'],
    ['CARGO_TARGET_DIRECTORY/out', '/project/ws/CARGO_TARGET_DIRECTORY/out'],
    ['dist/site', '/project/ws/dist/site'],
    ['/srv/site', '/srv/site'],
  ])('site-root %s', async (written, expected) => {
    const metadata = await recorded('workspace');
    leptosTable(metadata)['site-root'] = written;
    expect(projectOf(await workspaceOf(metadata), 'start').config.siteRoot).toBe(expected);
  });

  it.each(['/', '.', './', '', '..', 'CARGO_TARGET_DIR', 'CARGO_BUILD_TARGET_DIR/', 'target', '/project/ws'])(
    'refuses site-root %j, which would be emptied',
    async (written) => {
      const metadata = await recorded('workspace');
      leptosTable(metadata)['site-root'] = written;
      expect((await problemOf(metadata)).message).toContain('site-root');
    },
  );

  it.each([
    ['CARGO_TARGET_DIR', '/project/ws/target'],
    ['CARGO_TARGET_DIR/f', '/project/ws/target/f'],
    ['custom/front', '/project/ws/custom/front'],
    ['/abs/front', '/abs/front'],
  ])('front-target-dir %s', async (written, expected) => {
    const metadata = await recorded('workspace');
    leptosTable(metadata)['front-target-dir'] = written;
    expect(projectOf(await workspaceOf(metadata), 'start').config.frontTargetDir).toBe(expected);
  });

  it.each([
    [{}, 'tw.config.js', '/project/ws/tw.config.js'],
    [{}, undefined, undefined],
    [{ LEPTOS_TAILWIND_VERSION: 'v3.4.0' }, undefined, '/project/ws/tailwind.config.js'],
  ])('tailwind config file with %o and %s', async (env, written, expected) => {
    const metadata = await recorded('workspace');
    const table = leptosTable(metadata);
    if (written === undefined) delete table['tailwind-config-file'];
    else table['tailwind-config-file'] = written;
    const { config } = projectOf(await workspaceOf(metadata, env), 'start');
    expect(config.tailwindInputFile).toBe('/project/ws/style/tailwind.css');
    expect(config.tailwindConfigFile).toBe(expected);
  });

  it("takes a package's Tailwind config from the package in version 3 and from the root in version 4", async () => {
    const metadata = await recorded('several-projects');
    const table = metadata.packages.find(({ name }) => name === 'project2')?.metadata as {
      leptos: Record<string, unknown>;
    };
    Object.assign(table.leptos, { 'tailwind-input-file': 'in.css', 'tailwind-config-file': 'tw.js' });
    const fileWith = async (version: string) =>
      projectOf(await workspaceOf(metadata, { LEPTOS_TAILWIND_VERSION: version }), 'project2').config
        .tailwindConfigFile;
    expect(await fileWith('v3.4.0')).toBe(join('/project/several/project2', 'tw.js'));
    expect(await fileWith('v4.2.1')).toBe(join('/project/several', 'tw.js'));
  });
});

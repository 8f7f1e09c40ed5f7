import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { socketAddress } from '../../src/project/setting-types.js';
import { leptosTable, problemOf, projectOf, recorded, tempDir, workspaceOf } from './project-support.js';

/** The workspace fixture in a folder that may hold `.env` files. */
async function workspaceIn(base: string, dotenv: Readonly<Record<string, string>>) {
  for (const [file, text] of Object.entries(dotenv)) {
    await mkdir(join(base, file, '..'), { recursive: true });
    await writeFile(join(base, file), text);
  }
  return recorded('several-projects', base);
}

describe('precedence', () => {
  it('is process environment over .env over manifest over default', async () => {
    const base = await tempDir();
    const metadata = await workspaceIn(base, {
      'several/.env': 'LEPTOS_RELOAD_PORT=5001\nLEPTOS_STYLE_FILE=env.css\nLEPTOS_HASH_FILES=true\n',
    });
    const { config } = projectOf(await workspaceOf(metadata, { LEPTOS_RELOAD_PORT: '6001' }), 'project2');
    expect(config).toMatchObject({
      reloadPort: 6001,
      styleFile: join(base, 'several/project2/env.css'),
      assetsDir: join(base, 'several/project2/public'),
      hashFiles: true,
      sitePkgDir: 'pkg',
      envFile: join(base, 'several/.env'),
    });
  });

  it('takes the last line of a .env that names a variable twice', async () => {
    const base = await tempDir();
    const metadata = await workspaceIn(base, { 'several/.env': 'LEPTOS_SITE_PKG_DIR=a\nLEPTOS_SITE_PKG_DIR=b\n' });
    expect(projectOf(await workspaceOf(metadata), 'one').config.sitePkgDir).toBe('b');
  });

  it("takes a package's own .env before the workspace's, and none above the workspace", async () => {
    const base = await tempDir();
    const metadata = await workspaceIn(base, {
      '.env': 'LEPTOS_SITE_PKG_DIR=above',
      'several/project2/.env': 'LEPTOS_SITE_PKG_DIR=own',
    });
    const workspace = await workspaceOf(metadata);
    expect(projectOf(workspace, 'project2').config).toMatchObject({
      sitePkgDir: 'own',
      envFile: join(base, 'several/project2/.env'),
    });
    expect(projectOf(workspace, 'one').config.sitePkgDir).toBe('pkg');
    expect(projectOf(workspace, 'one').config).not.toHaveProperty('envFile');
  });

  it('names file and line of a .env that cannot be read', async () => {
    const base = await tempDir();
    const metadata = await workspaceIn(base, { 'several/.env': '# fine\nLEPTOS_SITE_ADDR 127.0.0.1:3000\n' });
    expect(await problemOf(metadata)).toMatchObject({
      message: 'the .env file is not valid',
      at: { kind: 'file', place: { file: join(base, 'several/.env'), line: 2 } },
    });
  });

  it('names file and line of a wrong value in .env, also when the process environment overrides it', async () => {
    const base = await tempDir();
    const metadata = await workspaceIn(base, { 'several/.env': '\nLEPTOS_SITE_ADDR=localhost:3000\n' });
    expect(await problemOf(metadata, { LEPTOS_SITE_ADDR: '127.0.0.1:3000' })).toMatchObject({
      message: 'LEPTOS_SITE_ADDR is not valid: "localhost:3000"',
      at: { kind: 'file', place: { file: join(base, 'several/.env'), line: 2 } },
      help: ['For instance: LEPTOS_SITE_ADDR=127.0.0.1:3000'],
    });
  });
});

describe('wrong values in the manifest', () => {
  it.each([
    ['site-addr', 'localhost:3000', 'an IP address with a port'],
    ['site-addr', 3000, 'an IP address with a port'],
    ['reload-port', 70_000, 'a port number'],
    ['reload-port', '3001', 'a port number'],
    ['hash-files', 'yes', 'true or false'],
    ['style-file', ['a.css'], 'a string'],
    ['bin-features', 'ssr', 'an array of strings'],
    ['watch-additional-files', [{ paths: ['x'] }], 'an array of paths'],
    ['watch-additional-files', [{ paths: ['x'], 'change-types': ['everything'] }], 'an array of paths'],
    ['graceful-shutdown-unix-signal', 'SIGKILL', 'SIGINT or SIGTERM'],
  ])('%s = %j', async (key, value, expected) => {
    const metadata = await recorded('workspace');
    leptosTable(metadata)[key] = value;
    const problem = await problemOf(metadata);
    expect(problem.message).toBe(`${key} is not valid: ${JSON.stringify(value)}`);
    expect(problem.why).toContain(expected);
    expect(problem.at).toEqual({
      kind: 'key',
      manifestPath: '/project/ws/Cargo.toml',
      keys: ['workspace', 'metadata', 'leptos', 0, key],
    });
  });

  it('says when the value comes from the environment', async () => {
    const problem = await problemOf(await recorded('workspace'), { LEPTOS_RELOAD_PORT: 'x' });
    expect(problem.at).toEqual({ kind: 'env', variable: 'LEPTOS_RELOAD_PORT' });
    expect(problem.why).toContain('environment variable LEPTOS_RELOAD_PORT');
  });

  it('refuses one port for the app and the live reload, also by default', async () => {
    const metadata = await recorded('workspace');
    leptosTable(metadata)['site-addr'] = '0.0.0.0:3001';
    expect(await problemOf(metadata)).toMatchObject({
      message: 'site-addr and reload-port both use port 3001',
      help: ['For instance: reload-port = 3002'],
    });
  });

  it('refuses a Tailwind config without an input', async () => {
    const metadata = await recorded('workspace');
    delete leptosTable(metadata)['tailwind-input-file'];
    expect((await problemOf(metadata)).message).toBe('tailwind-config-file needs tailwind-input-file');
  });
});

describe('names in the manifest', () => {
  it.each(['name', 'bin-package', 'lib-package'])('%s is needed in a workspace entry', async (key) => {
    const metadata = await recorded('workspace');
    delete leptosTable(metadata)[key];
    expect((await problemOf(metadata)).message).toBe(`${key} is missing`);
  });

  it.each(['bin-package', 'lib-package'])('%s must be a member', async (key) => {
    const metadata = await recorded('workspace');
    leptosTable(metadata)[key] = 'nobody';
    const problem = await problemOf(metadata);
    expect(problem.message).toBe(`${key} names no workspace member: "nobody"`);
    expect(problem.why).toBe('The members are app, codegen, frontend, macros, server.');
  });

  it('the library must be a cdylib', async () => {
    const metadata = await recorded('workspace');
    leptosTable(metadata)['lib-package'] = 'app';
    expect(await problemOf(metadata)).toMatchObject({
      message: expect.stringContaining('app has no cdylib library'),
      at: { manifestPath: '/project/ws/app/Cargo.toml' },
      help: expect.arrayContaining(['crate-type = ["cdylib", "rlib"]']),
    });
  });

  it('the server must have a bin target', async () => {
    const metadata = await recorded('workspace');
    leptosTable(metadata)['bin-package'] = 'app';
    expect((await problemOf(metadata)).message).toContain('app has no bin target');
  });

  it('bin-target chooses among several bin targets', async () => {
    const metadata = await recorded('workspace');
    const server = metadata.packages.find(({ name }) => name === 'server');
    server?.targets.push({ name: 'worker', kind: ['bin'], crate_types: ['bin'] });
    const several = await problemOf(metadata);
    expect(several.message).toContain('several bin targets');
    expect(several.why).toBe('Its bin targets are server, worker.');

    leptosTable(metadata)['bin-target'] = 'worker';
    expect(projectOf(await workspaceOf(metadata), 'start').binTarget).toBe('worker');
    leptosTable(metadata)['bin-target'] = 'other';
    expect((await problemOf(metadata)).message).toContain('bin-target names no bin target');
    expect(projectOf(await workspaceOf(metadata, { LEPTOS_BIN_TARGET: 'server' }), 'start').binTarget).toBe('server');
  });

  it('a table where an array belongs is told', async () => {
    const metadata = await recorded('workspace');
    metadata.metadata = { leptos: { name: 'start' } };
    expect((await problemOf(metadata)).help).toEqual(['Write it with two brackets: [[workspace.metadata.leptos]]']);
  });
});

describe('socket addresses', () => {
  it.each([
    '127.0.0.1',
    'localhost:3000',
    ':3000',
    '127.0.0.1:',
    '127.0.0.1:65536',
    '127.1:80',
    '::1:80',
    '[::1]',
    '127.0.0.1:3000 ',
  ])('refuses %s', (address) => {
    expect(socketAddress.fromText(address)).toBeUndefined();
  });

  it('reads any IP address with any port', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), fc.integer({ min: 0, max: 65_535 }), (host, port) => {
        const written = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
        expect(socketAddress.fromText(written)).toEqual({ host, port });
      }),
    );
  });
});

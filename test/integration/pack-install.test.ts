import { execFile, spawnSync } from 'node:child_process';
import { access, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { REPO } from '../support/dist.js';
import { tempDir } from '../support/temp-dir.js';

const exec = promisify(execFile);

interface Packed {
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

describe('the package', () => {
  it('installed into an empty folder works as npx leptos-fast', { timeout: 300_000 }, async () => {
    const folder = await tempDir();
    const { stdout } = await exec('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], {
      cwd: REPO,
    });
    const [packed] = JSON.parse(stdout) as Packed[];
    const names = packed?.files.map(({ path }) => path) ?? [];
    expect(names).toEqual(
      expect.arrayContaining([
        'bin/leptos-fast.js',
        'dist/cli.js',
        'dist/gate/shim-client.js',
        'templates/profiles/balanced.toml',
        'templates/profiles/roadmap.toml',
      ]),
    );
    // Nothing but the product: no sources, tests or scripts of this repository.
    expect(
      names.filter((name) => !/^(bin\/leptos-fast\.js|dist\/|templates\/|package\.json|README\.md|LICENSE)/.test(name)),
    ).toEqual([]);

    await writeFile(join(folder, 'package.json'), '{"private":true}');
    await exec('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', `./${packed?.filename}`], {
      cwd: folder,
    });
    const version = (JSON.parse(await readFile(join(REPO, 'package.json'), 'utf8')) as { version: string }).version;
    const ran = spawnSync('npx', ['--no-install', 'leptos-fast', '--version'], { cwd: folder, encoding: 'utf8' });
    expect({ code: ran.status, stdout: ran.stdout }).toEqual({ code: 0, stdout: `${version}\n` });
    await access(join(folder, 'node_modules/leptos-fast/templates/profiles/balanced.toml'));

    // Without a project it says so: the command's own modules and its dependencies are all there.
    const dev = spawnSync('npx', ['--no-install', 'leptos-fast', 'dev'], { cwd: folder, encoding: 'utf8' });
    expect(dev.stderr).toContain('error[LF001]');
    expect(dev.status).toBe(3);
  });
});

import { execFileSync } from 'node:child_process';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type DevRun, startDev } from '../support/dev-run.js';
import { type FakeProject, fakeProject, rust } from '../support/fake-project.js';
import { writeScript } from '../support/temp-dir.js';

/** The installed cargo-leptos under another version: how it treats plain paths is the same since 0.3.0. */
async function startWithVersion(version: string): Promise<{ project: FakeProject; dev: DevRun }> {
  const project = await fakeProject({ files: { 'src/old.rs': rust('old module') } });
  const [bin = ''] = (project.env.PATH ?? '').split(':');
  const real = execFileSync('sh', ['-c', 'command -v cargo-leptos'], { encoding: 'utf8' }).trim();
  await writeScript(
    join(bin, 'cargo-leptos'),
    `#!/bin/sh\n[ "$1" = --version ] && { echo cargo-leptos ${version}; exit; }\nexec "${real}" "$@"\n`,
  );
  return { project, dev: await startDev(project, ['--verbose']).ready() };
}

describe('a cargo-leptos that cannot be asked for one side', () => {
  it('builds what it does not see itself, and only that', async () => {
    const { project, dev } = await startWithVersion('0.3.7');
    expect(dev.all('notice').map(({ message }) => message)).toEqual([
      expect.stringContaining('cargo-leptos 0.3.7 cannot be asked for one side'),
    ]);
    const mark = dev.mark();
    await project.remove('src/old.rs');
    // Its own log shows that it was asked, not started anew.
    await dev.next('log', mark, ({ line }) => /Notify Additional change .*trigger\/(front|server)/.test(line));
    await dev.next('reloaded', mark);
    expect(await project.builds('front')).toHaveLength(2);
    expect(await project.builds('server')).toHaveLength(2);

    const next = dev.mark();
    await project.save({ 'src/app.rs': rust('hello 2') });
    await dev.next('reloaded', next);
    expect((await project.page()).sources).toContain('hello 2');
    expect(await project.builds()).toHaveLength(6);
    expect((await dev.stop()).code).toBe(0);
  });

  it('has no part in an asset that it does not see', async () => {
    const { project, dev } = await startWithVersion('0.3.7');
    const mark = dev.mark();
    await project.remove('public/logo.svg');
    await dev.next('reloaded', mark);
    expect(dev.all('recovery', mark)).toEqual([]);
    await expect(access(project.path('target/site/logo.svg'))).rejects.toThrow();
    expect(await project.builds()).toHaveLength(2);
    expect((await dev.stop()).code).toBe(0);
  });
});

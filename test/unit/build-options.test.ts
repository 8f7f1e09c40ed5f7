import { describe, expect, it } from 'vitest';
import { fastMode } from '../../src/build/fast-mode.js';
import { choosePorts as choosePortsOf, type Ports } from '../../src/build/ports.js';
import type { LfError } from '../../src/core/errors.js';
import type { Result } from '../../src/core/result.js';
import type { LeptosConfig } from '../../src/project/model.js';
import { freePort, takePort } from '../support/free-port.js';
import { configIn, singleCrate } from '../support/leptos-model.js';

function choosePorts(config: LeptosConfig, wanted: number | undefined, proxy = false): Promise<Result<Ports, LfError>> {
  return choosePortsOf(config, wanted, proxy);
}

describe('the ports', () => {
  it('are those of the configuration where they are free', async () => {
    const [site, reload] = [await freePort(), await freePort()];
    const config = configIn('/p', { siteAddr: { host: '127.0.0.1', port: site }, reloadPort: reload });
    expect(await choosePorts(config, undefined)).toMatchObject({
      ok: true,
      value: { host: '127.0.0.1', site, app: site, reload },
    });
  });

  it('behind the proxy the app gets one of its own', async () => {
    const [site, reload] = [await freePort(), await freePort()];
    const config = configIn('/p', { siteAddr: { host: '127.0.0.1', port: site }, reloadPort: reload });
    const chosen = await choosePorts(config, undefined, true);
    expect(chosen).toMatchObject({ ok: true, value: { site, reload } });
    expect([site, reload]).not.toContain(chosen.ok && chosen.value.app);
  });

  it('--port wins over the configuration', async () => {
    const wanted = await freePort();
    const config = configIn('/p', {
      siteAddr: { host: '127.0.0.1', port: await takePort() },
      reloadPort: await freePort(),
    });
    expect(await choosePorts(config, wanted)).toMatchObject({ value: { site: wanted } });
  });

  it('a taken site port is an error that names a free one', async () => {
    const site = await takePort();
    const chosen = await choosePorts(configIn('/p', { siteAddr: { host: '127.0.0.1', port: site } }), undefined);
    expect(chosen).toMatchObject({ ok: false, error: { code: 'LF040', exitCode: 3 } });
    const offered = Number(/--port (\d+)/.exec(chosen.ok ? '' : (chosen.error.help[0] ?? ''))?.[1]);
    expect(offered).toBeGreaterThan(0);
    expect(offered).not.toBe(site);
  });

  it('one that is taken on all addresses is taken on loopback too', async () => {
    const site = await takePort();
    const chosen = await choosePorts(configIn('/p', { siteAddr: { host: '0.0.0.0', port: site } }), undefined);
    expect(chosen).toMatchObject({ ok: false, error: { code: 'LF040' } });
  });

  it('a taken reload port is replaced by another one', async () => {
    const [site, reload] = [await freePort(), await takePort()];
    const chosen = await choosePorts(
      configIn('/p', { siteAddr: { host: '127.0.0.1', port: site }, reloadPort: reload }),
      undefined,
    );
    const used = chosen.ok ? chosen.value.reload : 0;
    expect([site, reload, 0]).not.toContain(used);
  });

  it('the reload port is never the port of the site', async () => {
    const site = await freePort();
    const chosen = await choosePorts(
      configIn('/p', { siteAddr: { host: '127.0.0.1', port: 1 }, reloadPort: site }),
      site,
    );
    expect(chosen.ok && chosen.value.reload).not.toBe(site);
  });
});

describe('the fast mode', () => {
  const choose = (
    options: Partial<Parameters<typeof fastMode>[0]> = {},
    config: Parameters<typeof singleCrate>[1] = {},
    env: NodeJS.ProcessEnv = {},
  ) => {
    const { workspace, project } = singleCrate('/p', config);
    return fastMode({ fast: true, gate: true, ...options }, workspace, project, env);
  };

  it('comes in through the gate as the balanced preset', async () => {
    expect(await choose()).toMatchObject({
      ok: true,
      value: { mode: 'balanced profile', profiles: { lib: 'dev-fast', bin: 'dev-fast' } },
    });
    const chosen = await choose();
    expect(chosen.ok && chosen.value.buildArgs).toContain('profile.dev-fast.inherits="dev"');
  });

  it('names no crate that the lock file does not have', async () => {
    const chosen = await choose();
    const args = chosen.ok ? chosen.value.buildArgs.join(' ') : '';
    expect(args).not.toMatch(/package\.[a-z]/);
  });

  it("leaves a profile of the user's as it is", async () => {
    const chosen = await choose({}, { libProfileDev: 'mine', binProfileDev: 'mine' });
    expect(chosen).toMatchObject({ value: { mode: 'profile mine of Cargo.toml', buildArgs: [] } });
    expect(chosen.ok && chosen.value.profiles).toBeUndefined();
  });

  it('names both where they differ', async () => {
    expect(await choose({}, { libProfileDev: 'mine' })).toMatchObject({
      value: { mode: 'profiles mine and dev of Cargo.toml' },
    });
  });

  it("--preset wins over the manifest's profile, under a name that is not mixed with it", async () => {
    const chosen = await choose({ preset: 'minimal' }, { libProfileDev: 'dev-fast' });
    expect(chosen).toMatchObject({ value: { mode: 'minimal profile', profiles: { lib: 'dev-fast-minimal' } } });
    const keys = chosen.ok ? chosen.value.buildArgs.filter((arg) => arg !== '--config') : [];
    expect(keys.length).toBeGreaterThan(0);
    for (const key of keys) expect(key).toMatch(/^profile\.dev-fast-minimal\./);
  });

  it('without the gate comes in through variables of the dev profile', async () => {
    const chosen = await choose({ gate: false });
    expect(chosen).toMatchObject({ value: { buildArgs: [], env: { CARGO_PROFILE_DEV_DEBUG: expect.any(String) } } });
  });

  it('leaves alone what the environment sets', async () => {
    const env = {
      CARGO_PROFILE_DEV_INCREMENTAL: 'false',
      LEPTOS_GRACEFUL_SHUTDOWN_TIMEOUT_SECS: '9',
      CARGO_PROFILE_DEV_DEBUG: '2',
    };
    const chosen = await choose({ gate: false }, {}, env);
    for (const name of Object.keys(env)) expect(chosen.ok && chosen.value.env).not.toHaveProperty(name);
  });

  it('sets no CARGO_INCREMENTAL, with which sccache refuses to work', async () => {
    for (const gate of [true, false]) {
      const chosen = await choose({ gate });
      expect(chosen.ok && chosen.value.env).not.toHaveProperty('CARGO_INCREMENTAL');
    }
  });

  it('--no-fast sets neither profile nor variables of cargo', async () => {
    const chosen = await choose({ fast: false });
    expect(chosen).toMatchObject({ value: { mode: 'plain dev profile', buildArgs: [] } });
    expect(chosen.ok && Object.keys(chosen.value.env)).toEqual(['LEPTOS_GRACEFUL_SHUTDOWN_TIMEOUT_SECS']);
  });

  it('an unknown preset is an error that offers the nearest', async () => {
    const chosen = await choose({ preset: 'ballanced' });
    expect(chosen).toMatchObject({ ok: false, error: { code: 'LF020', exitCode: 2 } });
    expect(chosen.ok ? '' : chosen.error.help.join()).toContain('--preset balanced');
  });
});

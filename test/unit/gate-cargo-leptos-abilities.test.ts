import { describe, expect, it } from 'vitest';
import { cargoLeptosEnv } from '../../src/build/cargo-leptos-call.js';
import { abilitiesOf } from '../../src/gate/cargo-leptos-abilities.js';

describe('what a cargo-leptos can', () => {
  it.each(['0.3.8', '0.3.11', '0.4.0', '1.0.0', 'unknown'])('%s can all that is wanted', (version) => {
    expect(abilitiesOf(version)).toEqual({ oneSide: true, missing: [] });
  });

  it.each([
    ['0.3.7', 1],
    ['0.3.0', 1],
    ['0.2.47', 2],
  ])('%s lacks something, and it is said', (version, notices) => {
    const { oneSide, missing } = abilitiesOf(version);
    expect(oneSide).toBe(false);
    expect(missing).toHaveLength(notices);
    for (const message of missing) expect(message).toContain(`cargo-leptos ${version}`);
  });
});

it('cargo-leptos, which warns of variables that it does not know, gets none of ours', () => {
  const env = cargoLeptosEnv({
    env: { LEPTOS_FAST_PORT: '1', LEPTOS_OUTPUT_NAME: 'x', HOME: '/h' },
    fast: {},
    ports: { host: '127.0.0.1', site: 1, app: 2, reload: 3, cargoLeptosReload: 4 },
    stateFolder: '/s',
    shimFolder: null,
    variables: {},
  });
  expect(env).toMatchObject({ LEPTOS_OUTPUT_NAME: 'x', HOME: '/h' });
  expect(Object.keys(env).filter((name) => name.startsWith('LEPTOS_FAST_'))).toEqual([]);
});

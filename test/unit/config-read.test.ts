import { describe, expect, it } from 'vitest';
import { DEV_ROWS, DEV_SETTINGS } from '../../src/config/dev-settings.js';
import type { GivenValues, SettingRows } from '../../src/config/origin.js';
import { readFlags, readVariables } from '../../src/config/read-flags.js';
import { configEntries, misspeltVariables, resolveSettings } from '../../src/config/resolve-settings.js';
import type { LfError } from '../../src/core/errors.js';
import type { Result } from '../../src/core/result.js';

const valuesOf = (read: Result<GivenValues, readonly LfError[]>): Record<string, unknown> | readonly LfError[] =>
  read.ok ? Object.fromEntries(Object.entries(read.value).map(([name, { value }]) => [name, value])) : read.error;

const flags = (typed: Parameters<typeof readFlags>[1]) => valuesOf(readFlags(DEV_ROWS, typed));
const variables = (env: NodeJS.ProcessEnv) => valuesOf(readVariables(DEV_ROWS, env));

describe('flags', () => {
  it('give nothing where none are typed', () => {
    expect(flags({})).toEqual({});
  });

  it('are read', () => {
    expect(
      flags({
        port: '4000',
        debounce: '0',
        poll: '50',
        maxRetries: '0',
        gate: false,
        open: true,
        preset: 'minimal',
        project: ['a', 'b'],
      }),
    ).toEqual({
      port: 4000,
      debounce: 0,
      poll: 50,
      maxRetries: 0,
      gate: false,
      open: true,
      preset: 'minimal',
      project: ['a', 'b'],
    });
  });

  it('--poll alone is every 500 ms, --no-poll is off', () => {
    expect([flags({ poll: true }), flags({ poll: false })]).toEqual([{ poll: 500 }, { poll: false }]);
  });

  it.each([
    [{ port: '0' }, '--port takes a whole number from 1 to 65535, not "0"'],
    [{ port: '65536' }, '--port takes'],
    [{ port: '3000.5' }, '--port takes'],
    [{ port: '' }, '--port takes'],
    [{ port: '1e3' }, '--port takes'],
    [{ debounce: '-1' }, '--debounce takes'],
    [{ debounce: 'soon' }, '--debounce takes'],
    [{ poll: '5' }, '--poll takes'],
    [{ maxRetries: '101' }, '--max-retries takes'],
    [{ project: [''] }, '--project takes'],
  ])('%j is wrong usage', (typed, message) => {
    expect(flags(typed)).toEqual([
      expect.objectContaining({ code: 'LF022', exitCode: 2, message: expect.stringContaining(message) }),
    ]);
  });

  it('all that is wrong is said, a preset under its own code and with the nearest', () => {
    expect(flags({ preset: 'Balancd', port: 'x' })).toMatchObject([
      { code: 'LF020', help: ['did you mean --preset balanced?', 'leptos-fast dev --help'] },
      { code: 'LF022', help: ['leptos-fast dev --help'] },
    ]);
  });
});

describe('variables', () => {
  it('are named after the setting', () => {
    expect(
      variables({
        LEPTOS_FAST_MAX_RETRIES: '7',
        LEPTOS_FAST_HOT_RELOAD: '0',
        LEPTOS_FAST_OPEN: 'true',
        LEPTOS_FAST_POLL: '1',
        LEPTOS_FAST_PROJECT: 'shop, admin',
        LEPTOS_FAST_EDITOR: 'code -g {file}',
      }),
    ).toEqual({
      maxRetries: 7,
      hotReload: false,
      open: true,
      poll: 500,
      project: ['shop', 'admin'],
      editor: 'code -g {file}',
    });
  });

  it('set to nothing they count as not set', () => {
    expect(variables({ LEPTOS_FAST_PORT: '', LEPTOS_FAST_EDITOR: '' })).toEqual({});
  });

  it.each([
    ['LEPTOS_FAST_GATE', 'yes', 'LEPTOS_FAST_GATE takes true or false, not "yes"'],
    ['LEPTOS_FAST_PORT', '70000', 'LEPTOS_FAST_PORT takes a whole number'],
    ['LEPTOS_FAST_PROJECT', 'a,,b', 'LEPTOS_FAST_PROJECT takes a name'],
  ])('%s=%s is wrong usage', (name, value, message) => {
    expect(variables({ [name]: value })).toEqual([
      expect.objectContaining({ code: 'LF022', exitCode: 2, message: expect.stringContaining(message) }),
    ]);
  });

  it('whose name is a slip are noticed, and others are not ours to judge', () => {
    const env = { LEPTOS_FAST_PROT: '1', LEPTOS_FAST_PORT: '1', LEPTOS_FAST_CACHE: '/x', LEPTOS_SITE_ADDR: 'x' };
    expect(misspeltVariables(DEV_ROWS, env)).toEqual([['LEPTOS_FAST_PROT', 'LEPTOS_FAST_PORT']]);
  });
});

describe('the sources together', () => {
  const given = (value: number, origin: GivenValues[string]['origin']): GivenValues => ({ port: { value, origin } });
  const flag = given(1, { kind: 'flag', flag: '--port' });
  const variable = given(2, { kind: 'environment', variable: 'LEPTOS_FAST_PORT' });
  const file = given(3, { kind: 'file', place: { file: '/p/leptos-fast.toml', line: 4, column: 8 } });

  it.each([
    ['flag over variable over file', [flag, variable, file], 1, '--port'],
    ['variable over file', [{}, variable, file], 2, 'LEPTOS_FAST_PORT'],
    ['file over default', [{}, {}, file], 3, '../leptos-fast.toml:4:8'],
    ['the default', [{}, {}, {}], null, 'default'],
  ] as const)('%s', (_what, sources, value, from) => {
    const resolved = resolveSettings(sources);
    expect(resolved.settings.port ?? null).toBe(value);
    expect(configEntries(resolved, '/p/src').find(({ name }) => name === 'port')).toMatchObject({ value, from });
  });

  it('without any all defaults count', () => {
    expect(resolveSettings([]).settings).toEqual({
      fast: true,
      preset: undefined,
      preload: true,
      port: undefined,
      project: [],
      debounce: 300,
      poll: false,
      maxRetries: 3,
      gate: true,
      proxy: true,
      order: 'auto',
      hotReload: true,
      linkAssets: false,
      skip: true,
      skipComments: true,
      sccache: false,
      cacheMaxSize: 256,
      editor: undefined,
      open: false,
      verbose: false,
    });
  });

  it('tell what counts while nothing is set, and only then', () => {
    const unset = (sources: readonly GivenValues[]) =>
      configEntries(resolveSettings(sources), '/').find(({ name }) => name === 'port')?.unset;
    expect([unset([]), unset([flag])]).toEqual([DEV_SETTINGS.port.unset, undefined]);
  });
});

it('no two settings share a key, a flag or a variable', () => {
  const rows: SettingRows = DEV_ROWS;
  const keys = rows.map(([, { key }]) => key.replace(/[-.]/g, '-'));
  expect(new Set(keys).size).toBe(keys.length);
});

import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DEV_ROWS } from '../../src/config/dev-settings.js';
import type { SettingRows } from '../../src/config/origin.js';
import { changedSettings } from '../../src/config/resolve-settings.js';
import { oneOf, text, wholeNumber } from '../../src/config/setting-kinds.js';
import { parseSettings, readSettingsFile } from '../../src/config/settings-file.js';
import { tempDir, writeFiles } from '../support/temp-dir.js';

const FILE = '/p/leptos-fast.toml';
const base = { default: undefined, flag: null, doc: '' };
/** Settings in tables, of which `dev` need not have any. */
const ROWS: SettingRows = [
  ['port', { ...base, key: 'port', kind: wholeNumber(1, 65_535) }],
  ['maxSize', { ...base, key: 'cache.max-size', kind: text }],
  ['link', { ...base, key: 'assets.link', kind: oneOf(['always', 'never']) }],
];

async function values(toml: string, rows: SettingRows = DEV_ROWS): Promise<Record<string, unknown>> {
  const read = await parseSettings(rows, FILE, toml);
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  return Object.fromEntries(Object.entries(read.value).map(([name, { value }]) => [name, value]));
}

/** Each error as `line:column message | first help`. */
async function errors(toml: string, rows: SettingRows = DEV_ROWS): Promise<readonly string[]> {
  const read = await parseSettings(rows, FILE, toml);
  if (read.ok) throw new Error(`no error in ${toml}`);
  expect(
    read.error.every(({ code, exitCode, where }) => `${code} ${exitCode} ${where?.file}` === `LF023 3 ${FILE}`),
  ).toBe(true);
  return read.error.map(({ message, where, help }) => `${where?.line}:${where?.column} ${message} | ${help[0]}`);
}

describe('a settings file', () => {
  it('gives values of every kind', async () => {
    const toml = `\uFEFF# mine
port = 4_000
preset = 'minimal'
gate = false
poll = true
project = "shop"
"max-retries" = 0
editor = "code"`;
    expect(await values(toml)).toEqual({
      port: 4000,
      preset: 'minimal',
      gate: false,
      poll: 500,
      project: ['shop'],
      maxRetries: 0,
      editor: 'code',
    });
    expect(await values('poll = 1000\r\nproject = ["a", "b"]\r\n')).toEqual({ poll: 1000, project: ['a', 'b'] });
    expect(await values('')).toEqual({});
  });

  it('remembers where each value stands', async () => {
    const read = await parseSettings(DEV_ROWS, FILE, '\n  port   = 1\n');
    expect(read).toMatchObject({
      value: { port: { origin: { kind: 'file', place: { file: FILE, line: 2, column: 12 } } } },
    });
  });

  it.each(['[cache]\nmax-size = "1 GB"', 'cache.max-size = "1 GB"', 'cache = { max-size = "1 GB" }'])(
    'has tables: %j',
    async (toml) => {
      expect(await values(toml, ROWS)).toEqual({ maxSize: '1 GB' });
    },
  );

  it.each([
    ['debonce = 1', '1:1 there is no setting "debonce" | did you mean debounce?'],
    ['max_retries = 1', '1:1 there is no setting "max_retries" | did you mean max-retries?'],
    ['\n  port.x = 1', '2:3 there is no setting "port.x" | did you mean port?'],
    ['port = "4000"', '1:8 port takes a whole number from 1 to 65535, not "4000" | write port = 4000'],
    ['port = 0', '1:8 port takes a whole number from 1 to 65535, not 0 | port = … with a whole number'],
    ['port = 1.5', '1:8 port takes'],
    ['port = []', '1:8 port takes'],
    ['port = 2020-01-01', '1:8 port takes'],
    ['gate = "no"', '1:8 gate takes true or false, not "no" | gate = … with true or false'],
    ['gate = "false"', '1:8 gate takes true or false, not "false" | write gate = false'],
    [
      'preset = "Minimum"',
      '1:10 preset takes balanced, debuggable, minimal or roadmap, not "Minimum" | did you mean "minimal"?',
    ],
    ['project = ["a", 1]', '1:11 project takes a name or an array of names'],
    ['editor = ""', '1:10 editor takes a text, not ""'],
    ['\n[dev]\nport = 1', '2:2 there is no table [dev] | settings without a table stand at the top of the file'],
    ['[[port]]', '1:3 there is no table [port.0] | settings'],
  ])('%j is told with its place and a way out', async (toml, expected) => {
    const [first = '', ...others] = await errors(toml);
    expect(first).toContain(expected);
    expect(others).toEqual([]);
  });

  it('offers the nearest table, and knows what a table holds', async () => {
    const read = await parseSettings(ROWS, FILE, '[cahce]\nmax-size = 1');
    expect(read.ok ? [] : read.error.map(({ message, help }) => [message, ...help])).toEqual([
      [
        'there is no table [cahce]',
        'settings without a table stand at the top of the file',
        'or did you mean [cache]?',
      ],
    ]);
    expect(await errors('[cache]\nport = 1', ROWS)).toEqual([
      expect.stringContaining('2:1 there is no setting "cache.port"'),
    ]);
  });

  it('all that is wrong is told at once', async () => {
    expect(await errors('prot = 1\ngate = 1\nport = 5\n[x]\ny = 1')).toHaveLength(3);
  });

  it.each([
    ['port = \n', '1:7'],
    ['port = 1\nport = 2', '2:1'],
    ['gate = true\n= 1', '2:1'],
    ['editor = "x', '1:12'],
    ['[a', '1:3'],
  ])('%j is no TOML, at %s', async (toml, place) => {
    expect(await errors(toml)).toEqual([expect.stringContaining(`${place} leptos-fast.toml is not valid TOML`)]);
  });
});

describe('reading it from the disk', () => {
  it('one that is not there gives nothing', async () => {
    expect(await readSettingsFile(DEV_ROWS, join(await tempDir(), 'leptos-fast.toml'))).toEqual({
      ok: true,
      value: {},
    });
  });

  it('a folder of that name is an error', async () => {
    const dir = await tempDir();
    await mkdir(join(dir, 'leptos-fast.toml'));
    expect(await readSettingsFile(DEV_ROWS, join(dir, 'leptos-fast.toml'))).toMatchObject({
      error: [{ code: 'LF023', message: 'leptos-fast.toml cannot be read', why: expect.stringContaining('EISDIR') }],
    });
  });

  it.skipIf(process.getuid?.() === 0)('so is one that may not be read', async () => {
    const dir = await tempDir();
    await writeFiles(dir, { 'leptos-fast.toml': '' });
    await chmod(join(dir, 'leptos-fast.toml'), 0o000);
    expect(await readSettingsFile(DEV_ROWS, join(dir, 'leptos-fast.toml'))).toMatchObject({ ok: false });
  });
});

it('what changed between two readings is told by name, not by place', async () => {
  const read = async (toml: string) => {
    const result = await parseSettings(DEV_ROWS, FILE, toml);
    return result.ok ? result.value : {};
  };
  const before = await read('port = 1\ngate = false\ndebounce = 5\nproject = ["a"]');
  const now = await read('\n\nport = 2\ndebounce = 5\nproject = "a"\nopen = true');
  expect(changedSettings(DEV_ROWS, before, now)).toEqual(['port', 'gate', 'open']);
});

import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { isPathOfOurs } from '../../src/project/manifest-edit-owned.js';
import {
  filterByLockfile,
  loadPreset,
  PRESET_NAMES,
  packageOf,
  parsePreset,
  presetToCargoConfigArgs,
  presetToDevEnv,
} from '../../src/project/preset.js';
import { presetNamed } from './manifest-support.js';

describe('the presets', () => {
  it.each(PRESET_NAMES)('%s says above each line what it buys and costs', async (name) => {
    const text = await readFile(new URL(`../../templates/profiles/${name}.toml`, import.meta.url), 'utf8');
    const lines = text.split('\n');
    const uncommented = lines.filter(
      (line, index) => line.includes(' = ') && !line.startsWith('#') && !isExplained(lines, index),
    );
    expect(uncommented).toEqual([]);
  });

  it('roadmap is the published plan to the letter', () => {
    expect(presetNamed('roadmap').entries).toEqual([
      { path: ['inherits'], value: 'dev' },
      { path: ['opt-level'], value: 0 },
      { path: ['debug'], value: true },
      { path: ['incremental'], value: true },
      { path: ['codegen-units'], value: 16 },
      { path: ['lto'], value: false },
      { path: ['panic'], value: 'abort' },
      { path: ['package', '*', 'opt-level'], value: 0 },
    ]);
  });

  it('balanced has no debug info and optimises macro crates', () => {
    const { entries } = presetNamed('balanced');
    expect(entries).toContainEqual({ path: ['debug'], value: false });
    expect(entries.filter((entry) => packageOf(entry)).every(({ value }) => value === 1)).toBe(true);
    expect(entries).toContainEqual({ path: ['package', 'leptos_macro', 'opt-level'], value: 1 });
  });

  it.each(PRESET_NAMES)('%s has only keys that --remove recognises', (name) => {
    const paths = presetNamed(name).entries.map(({ path }) => ['profile', 'dev-fast', ...path]);
    expect(paths.filter((path) => !isPathOfOurs(path, { isFirst: false }))).toEqual([]);
  });

  it('never switch off the debug assertions that hot reload needs', () => {
    const keys = PRESET_NAMES.flatMap((name) => presetNamed(name).entries.map(({ path }) => path.at(-1)));
    expect(keys).not.toContain('debug-assertions');
  });

  it.each([
    ['balnced', 'balanced'],
    ['mini', 'minimal'],
    ['DEBUGGABLE', 'debuggable'],
    ['road-map', 'roadmap'],
  ])('suggests for %s the nearest: %s', async (name, nearest) => {
    const result = await loadPreset(name);
    expect(result).toMatchObject({ ok: false, error: { code: 'LF020', exitCode: 2 } });
    if (!result.ok) expect(result.error.help[0]).toContain(nearest);
  });
});

describe('a preset', () => {
  it('names only crates of the lockfile, and "*"', () => {
    const filtered = filterByLockfile(presetNamed('balanced'), new Set(['syn', 'serde']));
    expect(filtered.entries.flatMap((entry) => packageOf(entry) ?? [])).toEqual(['syn']);
    expect(filterByLockfile(presetNamed('roadmap'), new Set())).toEqual(presetNamed('roadmap'));
  });

  it('becomes --config arguments', () => {
    const preset = parsePreset(
      'roadmap',
      '[profile.dev-fast]\ninherits = "dev"\ndebug = false\n[profile.dev-fast.package]\nsyn.opt-level = 1\n"*".opt-level = 0\n',
    );
    expect(presetToCargoConfigArgs(preset)).toEqual([
      '--config',
      'profile.dev-fast.inherits="dev"',
      '--config',
      'profile.dev-fast.debug=false',
      '--config',
      'profile.dev-fast.package.syn.opt-level=1',
      '--config',
      'profile.dev-fast.package."*".opt-level=0',
    ]);
  });

  it('becomes variables for the dev profile, without inherits and packages', () => {
    expect(presetToDevEnv(presetNamed('roadmap'))).toEqual({
      CARGO_PROFILE_DEV_OPT_LEVEL: '0',
      CARGO_PROFILE_DEV_DEBUG: 'true',
      CARGO_PROFILE_DEV_INCREMENTAL: 'true',
      CARGO_PROFILE_DEV_CODEGEN_UNITS: '16',
      CARGO_PROFILE_DEV_LTO: 'false',
      CARGO_PROFILE_DEV_PANIC: 'abort',
    });
  });
});

/** A comment with both words in the block right above, or for the line itself. */
function isExplained(lines: readonly string[], index: number): boolean {
  const block: string[] = [];
  for (let above = index - 1; above >= 0; above--) {
    const line = lines[above] ?? '';
    if (!line.startsWith('#') && !line.startsWith('[')) break;
    block.push(line);
  }
  return /Buys/.test(block.join('\n')) && /Costs/.test(block.join('\n'));
}

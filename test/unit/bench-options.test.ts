import { describe, expect, it } from 'vitest';
import { readOptions, type TypedOptions } from '../../src/bench/options.js';
import { choosePlaces, homeFolder } from '../../src/bench/places.js';
import { SCENARIO_NAMES } from '../../src/bench/scenarios.js';

const TYPED: TypedOptions = {
  dir: undefined,
  project: undefined,
  sizes: undefined,
  scenarios: undefined,
  presets: undefined,
  compare: false,
  runs: '6',
  baseline: undefined,
  failOver: undefined,
};

async function read(typed: Partial<TypedOptions>) {
  const options = await readOptions({ ...TYPED, ...typed });
  if (!options.ok) throw new Error(options.error.message);
  return options.value;
}

describe('the options of bench', () => {
  it('measure small and large with leptos-fast, all but the full cold build', async () => {
    const options = await read({});
    expect(options.sizes).toEqual(['small', 'large']);
    expect(options.scenarios).toEqual(SCENARIO_NAMES.filter((name) => name !== 'cold'));
    expect(options.tools.map(({ command }) => command)).toEqual(['leptos-fast dev']);
    expect(options).toMatchObject({ runs: 6, buildRuns: 1, baseline: null, failOver: null });
  });

  it('take plain cargo-leptos first, then each preset', async () => {
    const { tools } = await read({ compare: true, presets: 'minimal, balanced,minimal' });
    expect(tools.map(({ name, command }) => [name, command])).toEqual([
      ['plain', 'cargo leptos watch'],
      ['leptos-fast minimal', 'leptos-fast dev --preset minimal'],
      ['leptos-fast balanced', 'leptos-fast dev --preset balanced'],
    ]);
  });

  it('repeat a build from nothing only when scenarios are named', async () => {
    const named = await read({ scenarios: 'text,cold', runs: '3' });
    expect(named).toMatchObject({ scenarios: ['cold', 'text'], runs: 3, buildRuns: 3 });
  });

  it.each([
    ['15%', 0.15],
    ['15', 0.15],
    ['7.5 %', 0.075],
  ])('read --fail-over %s', async (typed, share) => {
    expect((await read({ baseline: 'before.json', failOver: typed })).failOver).toBeCloseTo(share);
  });

  it.each<[Partial<TypedOptions>, string, RegExp]>([
    [{ sizes: 'small,huge' }, 'LF022', /--sizes: there is no "huge"/],
    [{ sizes: ',' }, 'LF022', /names none/],
    [{ dir: '.', sizes: 'small' }, 'LF022', /--sizes goes with the samples/],
    [{ project: 'shop' }, 'LF022', /--project goes with a folder/],
    [{ scenarios: 'txet' }, 'LF022', /there is no "txet"/],
    [{ presets: 'quick' }, 'LF020', /there is no preset "quick"/],
    [{ presets: '' }, 'LF022', /names none/],
    [{ runs: '0' }, 'LF022', /--runs takes a whole number/],
    [{ runs: '2.5' }, 'LF022', /--runs takes a whole number/],
    [{ baseline: 'before.json' }, 'LF022', /go together/],
    [{ failOver: '15%' }, 'LF022', /go together/],
    [{ baseline: 'before.json', failOver: 'much' }, 'LF022', /--fail-over takes a share/],
  ])('refuse %j', async (typed, code, message) => {
    const options = await readOptions({ ...TYPED, ...typed });
    expect(options).toMatchObject({ ok: false, error: { code, exitCode: 2, message: expect.stringMatching(message) } });
  });
});

describe('where bench keeps its things', () => {
  it.each([
    [{ LEPTOS_FAST_CACHE: '/c', HOME: '/home/me' }, '/c/bench'],
    [{ XDG_CACHE_HOME: '/x', HOME: '/home/me' }, '/x/leptos-fast/bench'],
  ])('%j', (env, home) => {
    expect(homeFolder(undefined, env)).toBe(home);
  });

  it('is nowhere below a folder that cargo-leptos does not watch', () => {
    expect(choosePlaces('/home/me/target/x')).toMatchObject({ ok: false, error: { code: 'LF060' } });
    expect(choosePlaces('/home/me/targets/x')).toMatchObject({ ok: true });
  });
});

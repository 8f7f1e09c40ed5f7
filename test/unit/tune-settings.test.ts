import { parse } from 'smol-toml';
import { describe, expect, it } from 'vitest';
import { parseBudget } from '../../src/tune/budget.js';
import type { Candidate } from '../../src/tune/candidate.js';
import { ProfileView, profileEntries } from '../../src/tune/profile-view.js';
import { settingsToTry, type TuneMachine } from '../../src/tune/settings.js';
import { presetNamed } from './manifest-support.js';

const MACHINE: TuneMachine = {
  hostTriple: 'x86_64-unknown-linux-gnu',
  linkers: [],
  noLinker: 'neither lld, mold nor wild is installed',
  nightly: false,
  cranelift: false,
  cpus: 8,
};

function settings(profile: ProfileView, machine: Partial<TuneMachine> = {}) {
  return settingsToTry({
    profile,
    machine: { ...MACHINE, ...machine },
    localCrates: ['app', 'shared'],
    macroCrates: ['syn', 'leptos_macro'],
  });
}

const ids = (candidates: readonly Candidate[]) => candidates.map(({ id }) => id);
const view = (manifest: string, name: string) => new ProfileView(profileEntries(parse(manifest), name));

describe('the settings that are tried', () => {
  it('for the balanced preset leave debug info alone, of which there is none, and say so', () => {
    const { candidates, notTried } = settings(new ProfileView(presetNamed('balanced').entries));
    expect(ids(candidates)).toEqual(['codegen-units-16', 'codegen-units-64', 'macros-3', 'macros-0', 'names-stripped']);
    expect(notTried.map(({ what }) => what)).toEqual(['linker', 'debug info', '-Zthreads, Cranelift']);
  });

  it('for the stock profile include less debug info and optimised macros', () => {
    const { candidates } = settings(new ProfileView([]));
    expect(ids(candidates)).toEqual([
      'codegen-units-16',
      'codegen-units-64',
      'debug-none',
      'debug-lines',
      'debug-own',
      'split-unpacked',
      'macros-3',
      'macros-1',
      'names-stripped',
    ]);
  });

  it('never repeat what the profile already has', () => {
    const { candidates } = settings(
      new ProfileView([
        { path: ['codegen-units'], value: 16 },
        { path: ['debug'], value: 'line-tables-only' },
        { path: ['split-debuginfo'], value: 'unpacked' },
        { path: ['strip'], value: true },
        { path: ['build-override', 'opt-level'], value: 3 },
      ]),
    );
    expect(ids(candidates)).toEqual(['codegen-units-64', 'debug-none', 'debug-own', 'macros-1', 'macros-0']);
  });

  it('set codegen units for the own crates alone, so that no dependency is built anew', () => {
    const [first] = settings(new ProfileView([])).candidates;
    expect(first).toMatchObject({ rebuilds: 'app' });
    expect(first?.entries.map(({ path }) => path)).toEqual([
      ['package', 'app', 'codegen-units'],
      ['package', 'shared', 'codegen-units'],
    ]);
  });

  it('name for a linker what to write by hand', () => {
    const linkers = [{ name: 'mold', linkArgs: ['-fuse-ld=mold'] }];
    const [first] = settings(new ProfileView([]), { linkers }).candidates;
    expect(first).toMatchObject({ id: 'linker-mold', entries: [], rebuilds: 'link' });
    expect(parse(first?.byHand?.lines.join('\n') ?? '')).toEqual({
      target: { 'x86_64-unknown-linux-gnu': { rustflags: ['-Clink-arg=-fuse-ld=mold'] } },
    });
  });

  it('include threads and Cranelift with a nightly that has them, Cranelift for the server alone', () => {
    const { candidates } = settings(new ProfileView([]), { nightly: true, cranelift: true });
    expect(ids(candidates).slice(-2)).toEqual(['threads', 'cranelift']);
    const [threads, cranelift] = candidates.slice(-2);
    expect(threads).toMatchObject({ rustcFlags: ['-Zthreads=8'], entries: [] });
    expect(cranelift).toMatchObject({
      entries: [],
      serverEntries: [{ path: ['codegen-backend'], value: 'cranelift' }],
    });
  });
});

describe("a profile's values", () => {
  it('come from what it inherits, the nearer one first', () => {
    const manifest = `
[profile.dev]
debug = 1
codegen-units = 64
[profile.quick]
inherits = "dev"
debug = "none"
[profile.quick.package."*"]
opt-level = 2
`;
    const quick = view(manifest, 'quick');
    expect([quick.debug(), quick.number('codegen-units'), quick.packageLevel('syn')]).toEqual(['none', 64, 2]);
    expect(view(manifest, 'dev').debug()).toBe('lines');
    expect(view(manifest, 'absent').debug()).toBe('full');
  });

  it('end with profiles that inherit each other', () => {
    expect(view('[profile.a]\ninherits = "b"\n[profile.b]\ninherits = "a"\n', 'a').debug()).toBe('full');
  });
});

describe('--budget', () => {
  it.each([
    ['15m', 900_000],
    ['15', 900_000],
    ['90s', 90_000],
    ['1.5h', 5_400_000],
    [' 2 min ', 120_000],
    ['24h', 86_400_000],
  ])('%s is %d ms', (typed, ms) => {
    expect(parseBudget(typed)).toEqual({ ok: true, value: ms });
  });

  it.each(['', '0m', '-5m', 'soon', '25h', '5 days', 'toString', '1e3m'])('%s is wrong usage', (typed) => {
    expect(parseBudget(typed)).toMatchObject({ ok: false, error: { code: 'LF022', exitCode: 2 } });
  });
});

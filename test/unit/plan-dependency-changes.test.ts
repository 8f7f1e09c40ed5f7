import { describe, expect, test } from 'vitest';
import { type BuiltPackages, type Dependencies, dependencyChanges } from '../../src/plan/dependency-changes.js';
import { featureWishes } from '../../src/project/feature-wishes.js';
import { lockKeyOf, parseLockGraph, withDependents } from '../../src/project/lock-graph.js';

const REGISTRY = 'registry+https://registry.example/index';

const pkg = (name: string, version: string, needs: readonly string[] = [], source: string | null = REGISTRY): string =>
  [
    '[[package]]',
    `name = "${name}"`,
    `version = "${version}"`,
    ...(source === null ? [] : [`source = "${source}"`, 'checksum = "00"']),
    ...(needs.length > 0 ? [`dependencies = [\n${needs.map((need) => ` "${need}",`).join('\n')}\n]`] : []),
    '',
  ].join('\n');

const lockOf = (...packages: readonly string[]): string => `version = 4\n\n${packages.join('\n')}`;

const APP = pkg('app', '0.1.0', ['leptos', 'tokio', 'log'], null);
const LOCK = lockOf(
  APP,
  pkg('leptos', '0.8.1', ['reactive', 'serde']),
  pkg('log', '0.4.0'),
  pkg('reactive', '0.2.0', ['log']),
  pkg('serde', '1.0.1'),
  pkg('tokio', '1.40.0'),
);

const BUILT: BuiltPackages = new Map([
  ['front', new Set(['app 0.1.0', 'leptos 0.8.1', 'reactive 0.2.0', 'serde 1.0.1', 'log 0.4.0'])],
  ['server', new Set(['app 0.1.0', 'leptos 0.8.1', 'reactive 0.2.0', 'serde 1.0.1', 'log 0.4.0', 'tokio 1.40.0'])],
]);

const dependencies = (lock: string, more: Partial<Dependencies> = {}): Dependencies => ({
  lock: parseLockGraph(lock),
  wishes: new Map(),
  profiles: {},
  ...more,
});

describe('the graph of a Cargo.lock', () => {
  test('knows what needs what, of several versions of one name too', () => {
    const graph = parseLockGraph(
      lockOf(pkg('a', '1.0.0', ['b 1.0.0']), pkg('b', '1.0.0'), pkg('b', '2.0.0'), pkg('c', '1.0.0', ['b 2.0.0'])),
    );
    expect([...withDependents(graph, ['b 1.0.0'])]).toEqual(['b 1.0.0', 'a 1.0.0']);
    expect([...withDependents(graph, ['b 2.0.0'])]).toEqual(['b 2.0.0', 'c 1.0.0']);
  });

  test('tells packages of the same name and version by their source', () => {
    const graph = parseLockGraph(
      lockOf(
        pkg('a', '1.0.0', ['b 1.0.0 (git+https://git.example/b)']),
        pkg('b', '1.0.0'),
        pkg('b', '1.0.0', [], 'git+https://git.example/b'),
      ),
    );
    expect(graph.size).toBe(3);
    const [needed = ''] = graph.get('a 1.0.0')?.dependencies ?? [];
    expect(graph.get(needed)?.source).toBe('git+https://git.example/b');
  });

  test.each([
    ['registry+https://registry.example/index#serde@1.0.2', 'serde 1.0.2'],
    ['git+https://git.example/leptos?rev=abc#0.8.0', 'leptos 0.8.0'],
    ['git+https://git.example/leptos?rev=abc#reactive@0.2.0', 'reactive 0.2.0'],
    ['path+file:///home/me/app#0.1.0', 'app 0.1.0'],
    ['path+file:///home/me/app#other@0.1.0-rc.1+b2', 'other 0.1.0-rc.1+b2'],
  ])('finds %s', (id, key) => {
    expect(lockKeyOf(id)).toBe(key);
  });
});

describe('what an edit of dependencies compiles again', () => {
  test('nothing, when it is none', () => {
    expect(dependencyChanges(dependencies(LOCK), dependencies(LOCK), BUILT)).toEqual([]);
  });

  test('a newer version, with all that needs it, by side', () => {
    const now = LOCK.replace('"log"\nversion = "0.4.0"', '"log"\nversion = "0.4.9"');
    expect(dependencyChanges(dependencies(LOCK), dependencies(now), BUILT)).toEqual([
      "log 0.4.0 → 0.4.9 (compiled again: 3 of the front's 4 dependencies and 3 of the server's 5 dependencies)",
    ]);
  });

  test('for one side only, where the other is not built from it', () => {
    const now = LOCK.replace('1.40.0', '1.41.0');
    expect(dependencyChanges(dependencies(LOCK), dependencies(now), BUILT)).toEqual([
      "tokio 1.40.0 → 1.41.0 (compiled again: 1 of the server's 5 dependencies)",
    ]);
  });

  test('a new crate, but not those that it brings along', () => {
    const now = `${LOCK.replace(' "log",\n]', ' "log",\n "uuid",\n]')}\n${pkg('uuid', '1.1.0', ['rand'])}\n${pkg('rand', '0.9.0')}`;
    const told = dependencyChanges(dependencies(LOCK), dependencies(now), BUILT);
    expect(told).toEqual(['uuid 1.1.0 is new']);
  });

  test('one from another source', () => {
    const now = LOCK.replace(`"0.2.0"\nsource = "${REGISTRY}"`, '"0.2.0"\nsource = "git+https://git.example/r"');
    const [told = ''] = dependencyChanges(dependencies(LOCK), dependencies(now), BUILT);
    expect(told).toMatch(/^reactive 0\.2\.0 comes from another place \(compiled again: 2 of /);
  });

  test('another feature', () => {
    const before = dependencies(LOCK, { wishes: new Map([['leptos', new Set(['default'])]]) });
    const now = dependencies(LOCK, { wishes: new Map([['leptos', new Set(['default', 'tracing'])]]) });
    expect(dependencyChanges(before, now, BUILT)).toEqual([
      "features of leptos: + tracing (compiled again: at least 1 of the front's 4 dependencies and 1 of the server's 5 dependencies)",
    ]);
    expect(dependencyChanges(now, before, BUILT)).toEqual([expect.stringContaining('− tracing')]);
  });

  test('the settings of a profile: every crate, or those that it names', () => {
    const before = dependencies(LOCK, { profiles: { dev: { debug: true } } });
    const whole = dependencies(LOCK, { profiles: { dev: { debug: false } } });
    expect(dependencyChanges(before, whole, BUILT)).toEqual([
      '[profile.dev] changed (compiled again: all 4 dependencies of the front and all 5 dependencies of the server)',
    ]);
    const one = dependencies(LOCK, { profiles: { dev: { debug: true, package: { tokio: { 'opt-level': 3 } } } } });
    expect(dependencyChanges(before, one, BUILT)).toEqual([
      '[profile.dev] changed for "tokio" (compiled again: 1 of the server\'s 5 dependencies)',
    ]);
  });

  test('a profile of releases: nothing', () => {
    const now = dependencies(LOCK, { profiles: { release: { lto: true } } });
    expect(dependencyChanges(dependencies(LOCK), now, BUILT)).toEqual([]);
  });

  test('before the first build it is not known how much', () => {
    const now = LOCK.replace('1.40.0', '1.41.0');
    expect(dependencyChanges(dependencies(LOCK), dependencies(now), new Map())).toEqual([
      'tokio 1.40.0 → 1.41.0 (compiled again: what needs it)',
    ]);
  });

  test('of many changes the first three, and how many more', () => {
    const now = ['log', 'serde', 'tokio', 'reactive'].reduce(
      (text, name) => text.replace(new RegExp(`"${name}"\nversion = "`), `$&9.`),
      LOCK,
    );
    const told = dependencyChanges(dependencies(LOCK), dependencies(now), BUILT);
    expect(told).toHaveLength(4);
    expect(told.at(-1)).toBe('and 1 more such changes');
  });
});

describe('what the manifests wish of their dependencies', () => {
  test('from their tables of dependencies and of features, by the real name', () => {
    const metadata = {
      packages: [
        {
          id: 'app',
          name: 'app',
          version: '0.1.0',
          source: null,
          manifest_path: '/app/Cargo.toml',
          dependencies: [
            { name: 'leptos', kind: null, features: ['tracing'], uses_default_features: true },
            { name: 'serde_json', kind: null, rename: 'json', features: [], uses_default_features: false },
            { name: 'insta', kind: 'dev', features: ['yaml'], uses_default_features: true },
          ],
          features: { ssr: ['leptos/ssr', 'json?/std', 'dep:axum'], default: ['ssr'] },
          targets: [],
        },
        {
          id: 'x',
          name: 'x',
          version: '1.0.0',
          source: REGISTRY,
          manifest_path: '/x',
          dependencies: [{ name: 'y', kind: null }],
          targets: [],
        },
      ],
      workspace_members: ['app'],
      workspace_root: '/app',
      target_directory: '/app/target',
      resolve: null,
    };
    expect(Object.fromEntries(featureWishes(metadata))).toEqual({
      leptos: new Set(['tracing', 'default', 'ssr (by ssr of app)']),
      serde_json: new Set(['std (by ssr of app)']),
      axum: new Set(['the crate itself (by ssr of app)']),
    });
  });
});

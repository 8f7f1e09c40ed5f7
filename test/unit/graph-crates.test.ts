import { describe, expect, it } from 'vitest';
import { crateGraph } from '../../src/graph/crate-graph.js';
import type { CargoMetadata } from '../../src/project/cargo-metadata.js';

type Kind = 'normal' | 'dev' | 'build';

/** A workspace out of `name@version` and what each depends on; names without a version are local crates. */
function metadataOf(graph: Readonly<Record<string, Readonly<Record<string, Kind>>>>): CargoMetadata {
  const ids = [...new Set([...Object.keys(graph), ...Object.values(graph).flatMap((deps) => Object.keys(deps))])];
  return {
    packages: ids.map((id) => {
      const [name = '', version] = id.split('@');
      return {
        id,
        name,
        version: version ?? '0.1.0',
        source: version === undefined ? null : 'registry',
        manifest_path: `/app/${name}/Cargo.toml`,
        dependencies: [],
        targets: [],
      };
    }),
    workspace_members: ids.filter((id) => !id.includes('@')),
    workspace_root: '/app',
    target_directory: '/app/target',
    resolve: {
      nodes: ids.map((id) => ({
        id,
        deps: Object.entries(graph[id] ?? {}).map(([pkg, kind]) => ({
          pkg,
          dep_kinds: [{ kind: kind === 'normal' ? null : kind }],
        })),
      })),
    },
  };
}

describe('the crate graph', () => {
  const graph = crateGraph(
    metadataOf({
      server: { app: 'normal', 'tokio@1.0.0': 'normal' },
      front: { app: 'normal' },
      app: { types: 'normal', 'leptos@0.8.0': 'normal', testing: 'dev', 'cc@1.0.0': 'build' },
      testing: { app: 'normal' },
      types: {},
      'leptos@0.8.0': { 'syn@2.0.0': 'normal' },
      'tokio@1.0.0': { 'syn@1.0.0': 'normal' },
      'syn@2.0.0': { 'quote@1.0.0': 'normal' },
      'syn@1.0.0': { 'quote@1.0.0': 'normal' },
    }),
  );

  it('tells what an edit compiles again, the crate that most depends on first', () => {
    expect(graph.local.map(({ name, rebuilds }) => [name, rebuilds])).toEqual([
      ['types', ['app', 'front', 'server', 'testing']],
      ['app', ['front', 'server', 'testing']],
      ['server', []],
      ['front', []],
      ['testing', []],
    ]);
    expect(graph.local.map(({ needs }) => needs)).toEqual([[], ['types'], ['app'], ['app'], ['app']]);
    expect(graph.local[0]).toMatchObject({ dir: '/app/types', version: '0.1.0' });
  });

  it('names the crates that are there in several versions, and who wants which', () => {
    expect(graph.duplicates).toEqual([
      {
        name: 'syn',
        versions: [
          { version: '2.0.0', wantedBy: ['leptos 0.8.0'] },
          { version: '1.0.0', wantedBy: ['tokio 1.0.0'] },
        ],
      },
    ]);
  });

  it('finds the longest chain, without dev-dependencies', () => {
    expect(graph.longestChain).toEqual(['server', 'app', 'leptos', 'syn', 'quote']);
    const deeper = crateGraph(metadataOf({ a: { b: 'dev', c: 'normal' }, b: { d: 'normal' }, d: { e: 'normal' } }));
    expect(deeper.longestChain).toEqual(['b', 'd', 'e']);
  });

  it('finds the way back to a crate over its dev-dependency, once', () => {
    expect(graph.cycles).toEqual([['app', 'testing', 'app']]);
    expect(crateGraph(metadataOf({ a: { b: 'dev' }, b: {} })).cycles).toEqual([]);
    const mutual = crateGraph(metadataOf({ a: { b: 'dev' }, b: { a: 'dev' } }));
    expect(mutual.cycles).toEqual([['a', 'b', 'a']]);
  });

  it('counts what is resolved', () => {
    expect(graph.packages).toBe(11);
    expect(crateGraph({ ...metadataOf({ a: {} }), resolve: null })).toMatchObject({ packages: 0, longestChain: [] });
  });
});

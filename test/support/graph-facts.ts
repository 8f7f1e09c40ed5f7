import type { GraphFacts, SizedCrate } from '../../src/graph/graph-facts.js';

export const crateFacts = (name: string, more: Partial<SizedCrate> = {}): SizedCrate => ({
  name,
  version: '0.1.0',
  dir: name,
  lines: 1_234,
  needs: [],
  rebuilds: [],
  ...more,
});

/** A workspace of three crates with its wasm. */
export const GRAPH: GraphFacts = {
  packages: 391,
  local: [
    crateFacts('shared', { rebuilds: ['browser', 'server'], compiled: { builds: 12, medianMs: 3_400 } }),
    crateFacts('browser', { needs: ['shared'] }),
    crateFacts('server', { needs: ['shared'] }),
  ],
  longestChain: ['server', 'leptos', 'syn', 'unicode-ident'],
  duplicates: [
    {
      name: 'syn',
      versions: [
        { version: '2.0.0', wantedBy: ['leptos 0.8.0', 'serde 1.0.0'] },
        { version: '1.0.0', wantedBy: [] },
      ],
    },
  ],
  cycles: [['shared', 'testing', 'shared']],
  bundles: [
    {
      project: 'shop',
      bytes: 3_980_000,
      gzipBytes: 913_000,
      sections: [
        { name: 'code', custom: false, bytes: 1_900_000 },
        { name: 'name', custom: true, bytes: 1_830_000 },
      ],
      crates: [
        { crate: 'core', functions: 1_200, bytes: 500_000 },
        { crate: 'browser', functions: 40, bytes: 20_000 },
      ],
      withoutCustom: { bytes: 2_150_000, gzipBytes: 514_000 },
    },
  ],
};

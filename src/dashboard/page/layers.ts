import type { SizedCrate } from '../../graph/graph-facts.js';

/** Crates in layers, each above all that it needs: those that are compiled last come first. */
export function layersOf(crates: readonly SizedCrate[]): readonly (readonly SizedCrate[])[] {
  const byName = new Map(crates.map((crate) => [crate.name, crate]));
  const heights = new Map<string, number>();
  const heightOf = ({ name, needs }: SizedCrate): number => {
    const known = heights.get(name);
    if (known !== undefined) return known;
    // cargo allows no cycle; two packages of one name could look like one.
    heights.set(name, 0);
    const below = needs.flatMap((need) => byName.get(need) ?? []).map(heightOf);
    const height = below.length === 0 ? 0 : Math.max(...below) + 1;
    heights.set(name, height);
    return height;
  };
  const layers: SizedCrate[][] = [];
  for (const crate of crates) {
    const height = heightOf(crate);
    layers[height] = [...(layers[height] ?? []), crate];
  }
  return layers.reverse();
}

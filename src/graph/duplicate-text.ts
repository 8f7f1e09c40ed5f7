import type { DuplicateCrate } from './crate-graph.js';

/** `syn: 2.0.0 (leptos 0.8.0 and 1 more), 1.0.0 (nobody)`. */
export function duplicateText({ name, versions }: DuplicateCrate): string {
  const told = versions.map(({ version, wantedBy: [first = 'nobody', ...others] }) => {
    const more = others.length > 0 ? ` and ${others.length} more` : '';
    return `${version} (${first}${more})`;
  });
  return `${name}: ${told.join(', ')}`;
}

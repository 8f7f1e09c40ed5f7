/** The name that needs the fewest edits (Levenshtein) to become `typed`; for "did you mean". */
export function nearestName<T extends string>(names: readonly [T, ...T[]], typed: string): T {
  return [...names].sort((a, b) => editDistance(a, typed) - editDistance(b, typed))[0] ?? names[0];
}

/** How many edits make one name of the other: Levenshtein distance, row by row. */
export function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (const [index, char] of [...a].entries()) {
    const next = [index + 1];
    for (let column = 1; column <= b.length; column++) {
      const substitution = (row[column - 1] ?? 0) + (char === b[column - 1] ? 0 : 1);
      next.push(Math.min(substitution, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

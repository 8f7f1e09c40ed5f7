/** A size of what pages load, for people: `913 kB`, `3.98 MB`. */
export function formatWasmBytes(bytes: number): string {
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(bytes < 1e4 ? 1 : 0)} kB` : `${(bytes / 1e6).toFixed(2)} MB`;
}

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];

/** A size for people, in powers of ten with three figures: `640 B`, `913 kB`, `3.98 MB`, `24.7 GB`. */
export function formatBytes(bytes: number): string {
  const figures = Number(bytes.toPrecision(3));
  const power = figures < 1_000 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(figures) / 3));
  return `${Number((figures / 1_000 ** power).toPrecision(3))} ${UNITS[power]}`;
}

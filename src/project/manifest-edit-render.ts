/** A value that leptos-fast writes into a manifest. */
export type ManifestValue = string | number | boolean;

/** A TOML key: bare where TOML allows it, else in quotes (`"*"`). */
export function renderKey(key: string): string {
  return /^[A-Za-z0-9_-]+$/.test(key) ? key : JSON.stringify(key);
}

/** A dotted TOML key. Numbers (places in an array) cannot stand in one. */
export function renderPath(path: readonly string[]): string {
  return path.map(renderKey).join('.');
}

/** A value as TOML. The strings of presets hold nothing that JSON and TOML write differently. */
export function renderValue(value: ManifestValue): string {
  return JSON.stringify(value);
}

/** `key = value`. */
export function renderAssignment(path: readonly string[], value: ManifestValue): string {
  return `${renderPath(path)} = ${renderValue(value)}`;
}

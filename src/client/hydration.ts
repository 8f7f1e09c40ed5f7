/** How long after the wasm came it has certainly run, in ms. */
const RUN_MS = 500;

/** True while wasm may still come that takes over the nodes of the page as the server wrote them. */
export function mayHydrate(): boolean {
  if (!document.querySelector('link[href*=".wasm"]')) return false;
  const loaded = performance
    .getEntriesByType('resource')
    .filter(({ name }) => new URL(name).pathname.endsWith('.wasm'));
  return !loaded.some((entry) => entry.startTime + entry.duration + RUN_MS < performance.now());
}

/** A scenario did not end as it should: the reason stands in the table. Any other error is a fault of the suite. */
export class Failed extends Error {}

/** Pauses; for what a scenario consists of (ten saves in a second) or for watching that nothing happens. */
export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** The result of `promise`, or `fallback` when it rejects or takes longer than `ms`. */
export async function within<T, F>(ms: number, promise: Promise<T>, fallback: F): Promise<T | F> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<F>((resolve) => {
    timer = setTimeout(() => resolve(fallback), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } catch {
    return fallback;
  } finally {
    clearTimeout(timer);
  }
}

/** How often a condition is looked at, in ms. */
const LOOK_EVERY_MS = 50;

/**
 * Looks again and again until `look` gives something other than null and false, and returns it.
 * @param deadline in ms since the epoch; after it the scenario fails with `reason()`.
 */
export async function until<T>(
  deadline: number,
  look: () => Promise<T | null | false> | T | null | false,
  reason: () => string | Promise<string>,
): Promise<T> {
  for (;;) {
    const seen = await look();
    if (seen !== null && seen !== false) return seen;
    if (Date.now() >= deadline) throw new Failed(await reason());
    await sleep(LOOK_EVERY_MS);
  }
}

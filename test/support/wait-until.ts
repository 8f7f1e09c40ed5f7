/** How long a test waits for something that must happen before it says what is missing, in ms. No bound on speed. */
export const PATIENCE_MS = 20_000;

const LOOK_EVERY_MS = 20;

/** Resolves with the first value that is neither null, undefined nor false. Rejects with `what` when patience ends. */
export async function waitUntil<T>(
  what: string,
  look: () => T | Promise<T>,
  details: () => string = () => '',
): Promise<Exclude<NonNullable<T>, false>> {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const value = await look();
    if (value !== null && value !== undefined && value !== false) return value as Exclude<NonNullable<T>, false>;
    if (Date.now() > end) throw new Error(`waited in vain for ${what}\n${details()}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

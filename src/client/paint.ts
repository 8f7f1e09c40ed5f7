/**
 * Resolves after the next paint: true when it was painted, false when the tab is hidden meanwhile, where nothing is
 * painted and a latency would tell of the user's absence.
 */
export function painted(): Promise<boolean> {
  return new Promise((resolve) => {
    if (document.hidden) {
      resolve(false);
      return;
    }
    const hidden = () => done(false);
    const done = (value: boolean) => {
      document.removeEventListener('visibilitychange', hidden);
      resolve(value);
    };
    document.addEventListener('visibilitychange', hidden);
    // The first frame's callback runs before its paint, the second one's after it.
    requestAnimationFrame(() => requestAnimationFrame(() => done(true)));
  });
}

/** Resolves when the whole HTML was read, a streamed one too. */
export function parsed(): Promise<void> {
  return new Promise((resolve) => {
    if (document.readyState !== 'loading') resolve();
    else document.addEventListener('DOMContentLoaded', () => resolve(), { once: true });
  });
}

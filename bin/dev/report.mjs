/**
 * Plain text progress: whole lines, and one live line at the bottom where there is a terminal.
 */

/** @param {{ stream?: NodeJS.WriteStream, intervalMs?: number }} [options] */
export function createReporter({ stream = process.stderr, intervalMs } = {}) {
  const live = Boolean(stream.isTTY) && !process.env.CI;
  const pause = intervalMs ?? (live ? 1000 : 15_000);

  return {
    /** Writes one line. */
    say(line) {
      stream.write(`${line}\n`);
    },

    /** Tells `text()` and the time passed, again and again, until the returned function is called. */
    progress(text) {
      const started = Date.now();
      const tick = () => {
        const line = `  ${text()}, ${formatDuration(Date.now() - started)}`;
        stream.write(live ? `\r\x1b[K${line.slice(0, (stream.columns ?? 80) - 1)}` : `${line}\n`);
      };
      const timer = setInterval(tick, pause);
      return () => {
        clearInterval(timer);
        if (live) stream.write('\r\x1b[K');
      };
    },
  };
}

/** `0.4 s`, `45 s`, `2 min 10 s`. */
export function formatDuration(ms) {
  if (ms < 10_000) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** A duration for people: `0.18 s`, `4.2 s`, `1 min 12 s`. */
export function formatMs(ms: number): string {
  if (ms < 995) return `${(ms / 1_000).toFixed(2)} s`;
  if (ms < 59_950) return `${(ms / 1_000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1_000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** Replaces what must be there. */
export function replaceIn(text: string, from: string, to: string): string {
  if (!text.includes(from)) throw new Error(`the sample app has no ${JSON.stringify(from)}`);
  return text.replaceAll(from, () => to);
}

/** What is to be done and how long it took, to tell how long the rest will take. */
export class Estimate {
  readonly #planned: string[];
  readonly #took = new Map<string, number[]>();

  /** `planned`: a key for each step, the same for steps of the same kind. */
  constructor(planned: readonly string[]) {
    this.#planned = [...planned];
  }

  get left(): number {
    return this.#planned.length;
  }

  /** A step is done, or will not be done. */
  done(key: string, ms: number | null): void {
    const at = this.#planned.indexOf(key);
    if (at >= 0) this.#planned.splice(at, 1);
    if (ms !== null) this.#took.set(key, [...(this.#took.get(key) ?? []), ms]);
  }

  /** No step of this kind will be done. */
  drop(key: string): void {
    for (let at = this.#planned.indexOf(key); at >= 0; at = this.#planned.indexOf(key)) this.#planned.splice(at, 1);
  }

  /**
   * How long (ms) the rest will take; null before the first step. Steps of a kind that was not seen yet count as the mean of
   * all, and the sum is then only a guess.
   */
  rest(): { readonly ms: number; readonly isGuess: boolean } | null {
    const all = [...this.#took.values()].flat();
    if (all.length === 0) return null;
    const overall = mean(all);
    const ms = this.#planned.reduce((sum, key) => sum + mean(this.#took.get(key) ?? [overall]), 0);
    return { ms, isGuess: this.#planned.some((key) => !this.#took.has(key)) };
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** What is cached: the hashes of a workspace's sources, what `cargo metadata` said, and what wasm-bindgen made of the newest wasm. */
export const CACHE_KINDS = ['hashes', 'metadata', 'wasm-bindgen'] as const;
export type CacheKind = (typeof CACHE_KINDS)[number];

/** What became of the questions of one process, for one kind. */
export interface KindFigures {
  readonly hits: number;
  readonly misses: number;
  /** Bytes of the answers that were found. */
  readonly bytes: number;
  /** What the answers took when they were found out, less what it took to look them up; in ms. */
  readonly savedMs: number;
}

export type CacheFigures = Readonly<Record<CacheKind, KindFigures>>;

const NONE: KindFigures = { hits: 0, misses: 0, bytes: 0, savedMs: 0 };

/** Counts what a cache was good for. */
export class CacheMeter {
  #figures: CacheFigures = { hashes: NONE, metadata: NONE, 'wasm-bindgen': NONE };

  get figures(): CacheFigures {
    return this.#figures;
  }

  /** An answer of so many bytes was found in `lookedMs`, which had taken `costMs` to find out. */
  hit(kind: CacheKind, { bytes, costMs, lookedMs }: { bytes: number; costMs: number; lookedMs: number }): void {
    const before = this.#figures[kind];
    this.#set(kind, {
      hits: before.hits + 1,
      misses: before.misses,
      bytes: before.bytes + bytes,
      savedMs: before.savedMs + costMs - lookedMs,
    });
  }

  miss(kind: CacheKind): void {
    const before = this.#figures[kind];
    this.#set(kind, { ...before, misses: before.misses + 1 });
  }

  #set(kind: CacheKind, figures: KindFigures): void {
    this.#figures = { ...this.#figures, [kind]: figures };
  }
}

import { readdirSync } from 'node:fs';
import { extname } from 'node:path';

/**
 * What cargo-leptos keeps in the site's `pkg` folder: stylesheet, JavaScript, wasm. It remembers their hashes, and writes
 * a file that somebody removed only when its content changes (0.3.11, `Site::updated_with`).
 */
export class SiteFolder {
  readonly #folder: () => string;
  /** With hash-files the names change with the content; the kinds of files stay. */
  #kinds: ReadonlySet<string> = new Set();

  /** @param folder where it is, absolute. */
  constructor(folder: () => string) {
    this.#folder = folder;
  }

  /** What is there now is what will have to be there. */
  note(): void {
    this.#kinds = new Set([...this.#kinds, ...this.#present()]);
  }

  /** To be asked while cargo-leptos rests: true when a kind of file that was there is gone. */
  hasLostFiles(): boolean {
    const present = this.#present();
    const lost = [...this.#kinds].some((kind) => !present.has(kind));
    this.note();
    return lost;
  }

  /** Everything is about to be written anew. */
  forget(): void {
    this.#kinds = new Set();
  }

  #present(): ReadonlySet<string> {
    try {
      return new Set(readdirSync(this.#folder()).map((name) => extname(name)));
    } catch {
      return new Set();
    }
  }
}

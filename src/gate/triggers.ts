import { mkdir, writeFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { Side } from '../core/events.js';
import { isInside } from '../core/paths.js';

/**
 * Folders of ours in which every write makes cargo-leptos ask for exactly one side's build (*run* with 0.3.11), or for both
 * sides' where it knows no change types.
 * It compares paths relative to the workspace root where they lie in it, absolute ones elsewhere
 * (service/notify.rs: `convert`), so both forms are given to it.
 */
export class Triggers {
  readonly #folder: string;
  readonly #root: string;
  /** The sides that can be asked for. */
  readonly sides: readonly Side[];
  #count = 0;

  constructor(folder: string, workspaceRoot: string, sides: readonly Side[]) {
    this.#folder = folder;
    this.#root = workspaceRoot;
    this.sides = sides;
  }

  /** Creates the folders; they must exist before cargo-leptos starts. */
  async create(): Promise<void> {
    for (const side of this.sides) await mkdir(this.folderOf(side), { recursive: true });
  }

  /** The folder of one side, absolute. */
  folderOf(side: Side): string {
    return join(this.#folder, side);
  }

  /** For `watch-additional-files`. */
  get paths(): ReadonlyMap<Side, readonly string[]> {
    return new Map(
      this.sides.map((side) => {
        const folder = this.folderOf(side);
        return [side, isInside(folder, this.#root) ? [relative(this.#root, folder).split(sep).join('/')] : [folder]];
      }),
    );
  }

  /** Makes cargo-leptos ask for a build of that side, if it is watching. */
  async pull(side: Side): Promise<void> {
    this.#count += 1;
    await writeFile(join(this.folderOf(side), 'changed'), `${process.pid} ${this.#count} ${Date.now()}\n`);
  }
}

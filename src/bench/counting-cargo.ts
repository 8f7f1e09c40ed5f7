import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { quote } from '../core/shell.js';

/**
 * A `cargo` for the front of a tool's PATH that notes each `build` and becomes the real one: whether anything was built is
 * then known from outside, of both tools alike.
 */
export class CountingCargo {
  readonly folder: string;
  readonly #log: string;

  private constructor(folder: string) {
    this.folder = folder;
    this.#log = join(folder, 'builds.log');
  }

  /** Writes it into a folder of its own. `cargo` is the real one (absolute). */
  static async create(folder: string, cargo: string): Promise<CountingCargo> {
    const counting = new CountingCargo(folder);
    await mkdir(folder, { recursive: true });
    await writeFile(counting.#log, '');
    const path = join(folder, 'cargo');
    await writeFile(
      path,
      `#!/bin/sh
# Written by leptos-fast bench: notes each build, and runs the real cargo.
case " $* " in *" build "*) echo "$$" >>${quote(counting.#log)} ;; esac
exec ${quote(cargo)} "$@"
`,
    );
    await chmod(path, 0o755);
    return counting;
  }

  /** How often something was to be built so far. */
  async count(): Promise<number> {
    return (await readFile(this.#log, 'utf8')).split('\n').length - 1;
  }
}

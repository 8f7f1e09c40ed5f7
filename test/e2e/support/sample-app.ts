import { cpSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const TEMPLATE = fileURLToPath(new URL('../../../templates/sample-app', import.meta.url));

/** Where the tests' apps are; beside the target directory that they share, so that a second run is warm. */
const CACHE =
  process.env.LEPTOS_FAST_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'leptos-fast');

/** The cargo target directory that all tests share. */
export const TEST_TARGET = resolve(process.env.LEPTOS_FAST_TEST_TARGET ?? join(CACHE, 'test-target'));

/** A fresh copy of the sample app at a place that is the same in every run: cargo keys its cache by the path. */
export class SampleApp {
  readonly dir: string;

  constructor(name: string) {
    this.dir = join(CACHE, 'test-apps', name);
    rmSync(this.dir, { recursive: true, force: true });
    mkdirSync(join(this.dir, '..'), { recursive: true });
    // With new times: cargo would take the last run's edits for up to date if the files looked older than them.
    cpSync(TEMPLATE, this.dir, { recursive: true });
    renameSync(join(this.dir, 'gitignore'), join(this.dir, '.gitignore'));
  }

  read(file: string): string {
    return readFileSync(join(this.dir, file), 'utf8');
  }

  /** Saves a file as an editor does. */
  write(file: string, text: string): void {
    writeFileSync(join(this.dir, file), text);
  }

  /** Replaces text that must be there exactly once. */
  edit(file: string, from: string, to: string): void {
    const text = this.read(file);
    if (text.split(from).length !== 2) throw new Error(`${file} does not have exactly one ${JSON.stringify(from)}`);
    this.write(file, text.replace(from, to));
  }

  remove(file: string): void {
    rmSync(join(this.dir, file), { recursive: true });
  }
}

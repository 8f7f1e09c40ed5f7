import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { Variant } from '../variants/variant.js';
import { OverlayMount } from './overlay.js';
import { APPS, TARGET } from './places.js';

/** The file that holds the text of the page in most variants. */
export const TEXT_FILE = 'src/text.rs';

/** A fresh app to save files in, at a place that is the same in every run: cargo keys its cache by the path. */
export class App {
  readonly name: string;
  /** Where files are saved. */
  readonly dir: string;
  /** Where the tool is started; another view of `dir` if the app lies in a mount. */
  readonly projectDir: string;
  readonly #mount: OverlayMount | null;
  /** The last save, in ms since the epoch: what a person waits from. */
  lastSave = Date.now();

  constructor(variant: Variant, realCargo: string, mounted: boolean) {
    this.name = variant.crate;
    this.dir = join(APPS, variant.name);
    OverlayMount.removeStale(`${this.dir}-mounted`);
    rmSync(this.dir, { recursive: true, force: true });
    // Written anew, so with new times: cargo takes a file that is older than its last build for up to date.
    for (const [file, text] of variant.files()) this.#put(file, text);
    const project = join(this.dir, variant.projectDir);
    // Brings Cargo.lock up to date now: that it changes during the first build is no part of any scenario.
    execFileSync(realCargo, ['metadata', '--offline', '--format-version=1'], {
      cwd: project,
      stdio: ['ignore', 'ignore', 'pipe'],
      maxBuffer: 2 ** 26,
    });
    this.#removeOldBinaries(variant.bin);
    this.#mount = mounted ? new OverlayMount(project, `${this.dir}-mounted`) : null;
    this.projectDir = this.#mount?.dir ?? project;
  }

  read(file: string): string {
    return readFileSync(join(this.dir, file), 'utf8');
  }

  exists(file: string): boolean {
    return existsSync(join(this.dir, file));
  }

  /** Saves a file in place, as most editors do; folders are made as needed. */
  write(file: string, text: string | Buffer): void {
    this.#put(file, text);
    this.lastSave = Date.now();
  }

  /** Replaces text that must be there exactly once. */
  edit(file: string, from: string, to: string): void {
    const text = this.read(file);
    if (text.split(from).length !== 2) throw new Error(`${file} does not have exactly one ${JSON.stringify(from)}`);
    this.write(
      file,
      text.replace(from, () => to),
    );
  }

  /** Changes the text that the page shows, both from the server and from the wasm. */
  say(text: string): void {
    this.write(TEXT_FILE, sayInRust(text));
  }

  rename(from: string, to: string): void {
    mkdirSync(dirname(join(this.dir, to)), { recursive: true });
    renameSync(join(this.dir, from), join(this.dir, to));
    this.lastSave = Date.now();
  }

  /** Deletes a file or folder. */
  delete(file: string): void {
    rmSync(join(this.dir, file), { recursive: true });
    this.lastSave = Date.now();
  }

  /** Makes a symbolic link; `to` may be missing. */
  link(file: string, to: string): void {
    mkdirSync(dirname(join(this.dir, file)), { recursive: true });
    symlinkSync(to, join(this.dir, file));
    this.lastSave = Date.now();
  }

  /** Sets a file's time of change. */
  setTime(file: string, time: Date): void {
    utimesSync(join(this.dir, file), time, time);
  }

  /** Runs git in the app's folder, as a user with a name. */
  git(...args: string[]): void {
    const identity = ['-c', 'user.name=Scenario', '-c', 'user.email=scenario@localhost', '-c', 'commit.gpgsign=false'];
    execFileSync('git', [...identity, ...args], { cwd: this.dir, stdio: 'pipe' });
    this.lastSave = Date.now();
  }

  /** All files below a folder, relative to the app's. */
  list(folder: string): string[] {
    const entries = readdirSync(join(this.dir, folder), { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(this.dir.length + 1));
  }

  /** Takes the mount away; the files stay for a look at them. */
  close(): void {
    this.#mount?.remove();
  }

  #put(file: string, text: string | Buffer): void {
    const path = join(this.dir, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }

  /** A fresh app has no server yet: one from the last run would answer where nothing was built. */
  #removeOldBinaries(bin: string): void {
    if (!existsSync(TARGET)) return;
    for (const entry of readdirSync(TARGET, { withFileTypes: true })) {
      if (entry.isDirectory()) rmSync(join(TARGET, entry.name, bin), { force: true });
    }
  }
}

/** The source of a module with the page's text. */
export function sayInRust(text: string): string {
  return `pub const TEXT: &str = ${JSON.stringify(text)};\n`;
}

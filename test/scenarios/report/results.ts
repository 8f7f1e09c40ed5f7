import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

/** How one run of one scenario with one tool ended. */
export interface Result {
  readonly scenario: number;
  readonly tool: string;
  /** From 1. */
  readonly run: number;
  readonly ok: boolean;
  /** From the last save to the end state; null when it failed or has no such time. */
  readonly seconds: number | null;
  /** Why it failed. */
  readonly reason: string | null;
  /** What deserves a note though it decides nothing: processes left behind, errors in the page. */
  readonly notes: readonly string[];
  /** With start and stop. */
  readonly totalSeconds: number;
  /** ISO 8601. */
  readonly date: string;
  /** Of the tool. */
  readonly version: string;
}

/** The content of a results file. */
export interface ResultsFile {
  readonly machine: readonly string[];
  readonly results: readonly Result[];
}

/** The results of a campaign, kept in a file after each run so that it can be cut in pieces. */
export class Results {
  readonly #file: string | null;
  readonly #machine: readonly string[];
  #all: Result[] = [];

  constructor(file: string | null, machine: readonly string[]) {
    this.#file = file;
    this.#machine = machine;
    if (file !== null && existsSync(file)) {
      this.#all = [...(JSON.parse(readFileSync(file, 'utf8')) as ResultsFile).results];
    }
  }

  get all(): readonly Result[] {
    return this.#all;
  }

  get machine(): readonly string[] {
    return this.#machine;
  }

  of(scenario: number, tool: string): Result[] {
    return this.#all.filter((result) => result.scenario === scenario && result.tool === tool);
  }

  /** Drops what is known of a scenario with a tool: it is about to be run anew. */
  forget(scenario: number, tool: string): void {
    this.#all = this.#all.filter((result) => result.scenario !== scenario || result.tool !== tool);
  }

  add(result: Result): void {
    this.#all.push(result);
    this.#all.sort((a, b) => a.scenario - b.scenario || (a.tool < b.tool ? -1 : a.tool > b.tool ? 1 : a.run - b.run));
    this.#save();
  }

  #save(): void {
    if (this.#file === null) return;
    const content: ResultsFile = { machine: this.#machine, results: this.#all };
    // Whole or not at all: Ctrl-C may come at any time.
    writeFileSync(`${this.#file}.new`, `${JSON.stringify(content, null, 2)}\n`);
    renameSync(`${this.#file}.new`, this.#file);
  }
}

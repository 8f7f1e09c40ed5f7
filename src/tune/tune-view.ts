import { loadavg } from 'node:os';
import { relative } from 'node:path';
import ora, { type Ora } from 'ora';
import type { CargoStatus } from '../build/cargo-messages.js';
import { RUST_SIDES, type RustSide } from '../core/events.js';
import { isInside } from '../core/paths.js';
import { formatBytes } from '../ui/bytes.js';
import { formatMs } from '../ui/duration.js';
import { formatTimeOfDay } from '../ui/format.js';
import { nameOfArm } from './candidate.js';
import type { Facts } from './report-facts.js';
import type { SearchStep } from './search.js';

export interface TuneViewOptions {
  /** Where people read: stdout, or stderr beside `--json`. */
  readonly write: (text: string) => void;
  /** Draws the line that moves; absent where there is no terminal. */
  readonly isTerminal: boolean;
  readonly cwd: string;
  readonly now: () => number;
}

/** Tells what `tune` is doing: lines that stay, and at a terminal one that moves. */
export class TuneView {
  readonly #options: TuneViewOptions;
  readonly #spinner: Ora | null;
  readonly #progress = new Map<RustSide, string>();
  #doing = '';
  #deadline = 0;
  #edits = 0;

  constructor(options: TuneViewOptions) {
    this.#options = options;
    this.#spinner = options.isTerminal ? ora({ stream: process.stderr, prefixText: ' ', discardStdin: false }) : null;
  }

  /** A text that stays, as it is. */
  print(text: string): void {
    this.#spinner?.stop();
    this.#options.write(text);
    this.live(this.#doing);
  }

  /** A line that stays. */
  line(text: string): void {
    this.print(`  ${text}\n`);
  }

  /** What is being done; an empty text for nothing. */
  live(text: string): void {
    this.#doing = text;
    if (!this.#spinner) return;
    if (text === '') this.#spinner.stop();
    else {
      this.#spinner.text = this.#liveLine();
      if (!this.#spinner.isSpinning) this.#spinner.start();
    }
  }

  begin(facts: Facts, candidates: number): void {
    const { cwd } = this.#options;
    this.#deadline = facts.startedAt + facts.budgetMs;
    const end = formatTimeOfDay(new Date(this.#deadline).toISOString());
    this.line(
      `${facts.project} · ${facts.mode} · ${facts.cpus} cores, load ${loadavg()[0]?.toFixed(1)} · ${candidates} settings to try`,
    );
    this.line(
      `each time ${facts.edit} is edited, in a copy: ${isInside(facts.scratch, cwd) ? relative(cwd, facts.scratch) : facts.scratch}, removed at the end`,
    );
    this.line(
      `one set of built dependencies takes 2 to 4 GB there, each setting that changes them as much again; ${formatBytes(facts.freeBytes)} are free`,
    );
    this.line(`over by ${end} at the latest; Ctrl-C ends it with what is known by then`);
  }

  status(side: RustSide, status: CargoStatus): void {
    if (status.kind !== 'progress') return;
    this.#progress.set(side, `${side} ${status.done}/${status.total}`);
    this.live(this.#doing);
  }

  step(step: SearchStep): void {
    switch (step.step) {
      case 'first-build':
        this.#progress.clear();
        this.live(`first build, ${nameOfArm(step.arm)} (${step.index} of ${step.count})`);
        return;
      case 'first-built': {
        this.#progress.clear();
        const { outcome, arm } = step;
        this.live('');
        if (outcome.kind === 'done') this.line(`first build, ${nameOfArm(arm)}: ${formatMs(outcome.value)}`);
        else if (outcome.kind === 'failed') this.line(`${nameOfArm(arm)}: does not build here: ${outcome.why}`);
        return;
      }
      case 'edit':
        this.#progress.clear();
        this.#edits += 1;
        this.live(`edit ${this.#edits}, ${nameOfArm(step.arm)}`);
        return;
      case 'round':
        this.live('');
        if (step.dropped.length > 0)
          this.line(
            `round ${step.round}: ${step.left} left, without ${step.dropped.map(({ title }) => title).join(', ')}`,
          );
        return;
      case 'check':
        this.line(`checking ${nameOfArm(step.arm)} on new edits`);
        return;
    }
  }

  #liveLine(): string {
    const parts = RUST_SIDES.flatMap((side) => this.#progress.get(side) ?? []);
    const left = Math.max(0, this.#deadline - this.#options.now());
    return [this.#doing, ...parts, `at most ${formatMs(left)} to go`].join(' · ');
  }
}

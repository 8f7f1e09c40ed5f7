import type { Scenario } from '../scenario.js';
import type { Result } from './results.js';

/** What a person sees while the suite runs: one line for what goes on, one for each result. */
export class LiveLine {
  readonly #out: NodeJS.WriteStream;
  #head = '';

  constructor(out: NodeJS.WriteStream) {
    this.#out = out;
  }

  begin(scenario: Scenario, tool: string, run: number, runs: number): void {
    this.#head = `${label(scenario)} · ${tool} ${run}/${runs}`;
    this.step('lay the app');
  }

  step(what: string): void {
    if (!this.#out.isTTY) return;
    const line = `… ${this.#head}: ${what}`.slice(0, this.#out.columns - 1);
    this.#out.write(`\r\x1b[2K${line}`);
  }

  end(result: Result): void {
    const time = result.seconds === null ? '' : ` · ${result.seconds.toFixed(1)} s`;
    const why = result.reason === null ? '' : `\n    ${result.reason.replaceAll('\n', '\n    ')}`;
    const notes = result.notes.map((note) => `\n    note: ${note}`).join('');
    this.say(
      `${result.ok ? '✓' : '✗'} ${this.#head}${time} (${Math.round(result.totalSeconds)} s in all)${why}${notes}`,
    );
  }

  say(line: string): void {
    this.#out.write(`${this.#out.isTTY ? '\r\x1b[2K' : ''}${line}\n`);
  }
}

function label(scenario: Scenario): string {
  return `${String(scenario.number).padStart(2)} ${scenario.name}`;
}

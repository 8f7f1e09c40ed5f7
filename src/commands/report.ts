import { Command, Option } from 'clipanion';
import type { CliContext } from '../cli-context.js';
import type { CommandHelp } from '../ui/help.js';
import { fail } from './at-terminal.js';

/** `leptos-fast report`: what the saves of the last days took, and what became of them. */
export class ReportCommand extends Command<CliContext> {
  static override paths = [['report']];

  static help: CommandHelp = {
    name: 'report',
    summary: 'how fast the loop is, from what dev has recorded',
    usage: 'report [DIR] [OPTIONS]',
    details: [
      'Tells how long saves took until the page had them, today against the week before, by kind of edit and by file,',
      'what was not built, what went wrong, and since when edits are slower or faster.',
      'Every figure was measured on this machine while leptos-fast dev ran; nothing is sent anywhere.',
    ],
    options: [
      ['--days N', 'look at the last N days (30)'],
      ['--html FILE', 'write one HTML file that needs nothing else, to be attached to a ticket'],
      ['--json', 'the same figures for scripts'],
    ],
    examples: [
      ["in the app's folder", 'report'],
      ['to send to somebody', 'report --html report.html'],
      ['the median of each kind of edit', "report --json | jq '.kinds[] | {kind, ms: .median.value}'"],
    ],
  };

  dir = Option.String({ required: false });
  days = Option.String('--days', '30');
  html = Option.String('--html');
  json = Option.Boolean('--json', false);

  override async execute(): Promise<number> {
    const { runReport } = await import('../record/report/run-report.js');
    const { stdout } = this.context;
    const reported = await runReport({
      dir: this.dir ?? '.',
      days: this.days,
      json: this.json,
      html: this.html,
      env: process.env,
      now: Date.now(),
      columns: 'columns' in stdout && typeof stdout.columns === 'number' ? stdout.columns : undefined,
      print: (text) => void stdout.write(text),
    });
    return reported.ok ? 0 : fail(this.context, reported.error);
  }
}

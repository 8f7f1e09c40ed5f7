import { Command, Option } from 'clipanion';
import type { CliContext } from '../cli-context.js';
import type { CommandHelp } from '../ui/help.js';
import { fail } from './at-terminal.js';

/** `leptos-fast dashboard`: serves the performance page over the recorded history. */
export class DashboardCommand extends Command<CliContext> {
  static override paths = [['dashboard']];

  static help: CommandHelp = {
    name: 'dashboard',
    summary: 'a page that shows how fast the loop is, from what dev has recorded',
    usage: 'dashboard [DIR] [OPTIONS]',
    details: [
      'Serves the page on this machine alone, until Ctrl-C. It shows the last save on its way to the page, today against',
      'the week, trends with what made them slower, the slowest files and crates, and follows a dev that runs.',
      'While dev runs with its proxy, the same page is on its port too, at /__leptos_fast/ (key d).',
    ],
    options: [
      ['--port N', 'listen on this port, instead of the first free one from 3900 on'],
      ['--open', 'open the page in the browser'],
    ],
    examples: [
      ["in the app's folder", 'dashboard --open'],
      ['of another app, on a port of your choice', 'dashboard ../shop --port 4000'],
      ['the figures for scripts', "report --json | jq '.today'"],
    ],
  };

  dir = Option.String({ required: false });
  port = Option.String('--port');
  open = Option.Boolean('--open', false);

  override async execute(): Promise<number> {
    const { runDashboard } = await import('../dashboard/run-dashboard.js');
    const { stdout } = this.context;
    const ended = await runDashboard({
      dir: this.dir ?? '.',
      port: this.port,
      open: this.open,
      env: process.env,
      print: (text) => void stdout.write(text),
    });
    return ended.ok ? ended.value : fail(this.context, ended.error);
  }
}

import { Command, Option } from 'clipanion';
import type { CliContext } from '../cli-context.js';
import { DEV_ROWS } from '../config/dev-settings.js';
import { flagOptions, typedFlags } from '../config/flag-options.js';
import { helpOptions } from '../config/setting-docs.js';
import { keepHeapSmall } from '../core/frugal-heap.js';
import type { CommandHelp } from '../ui/help.js';

/** `leptos-fast dev`: runs the app and keeps it up to date. */
export class DevCommand extends Command<CliContext> {
  static override paths = [['dev']];
  static help: CommandHelp = {
    name: 'dev',
    summary: 'run a Leptos app in fast mode and keep it up to date',
    usage: 'dev [DIR] [OPTIONS] [-- APP-ARGS]',
    details: [
      'Starts cargo leptos watch with the fast profile, holds its builds until your saves have settled, shows the',
      "compiler's errors and one line per change: what was built, and how long from the save to the page.",
      'Works with and without leptos-fast init; without it no file of yours is touched.',
      'Options can stand in leptos-fast.toml beside the Cargo.toml of the workspace, or in LEPTOS_FAST_* variables.',
      'Keys at a terminal: h help, r build what is not up to date, o open the page, d open the dashboard, c clear, q quit.',
    ],
    options: [
      ...helpOptions(DEV_ROWS),
      ['--print-config', 'show the value of each setting and where it comes from, and exit'],
      ['--json', 'one JSON event a line on stdout'],
    ],
    examples: [
      ["in the app's folder", 'dev'],
      ['on another port, with arguments for the app', 'dev --port 4000 -- --seed demo'],
      ['as plain cargo-leptos builds, but with our watching', 'dev --no-fast'],
      ['which settings count here?', 'dev --print-config'],
      ['for scripts', 'dev --json'],
    ],
  };

  dir = Option.String({ required: false });
  printConfig = Option.Boolean('--print-config', false);
  json = Option.Boolean('--json', false);

  constructor() {
    super();
    Object.assign(this, flagOptions(DEV_ROWS));
  }

  override async execute(): Promise<number> {
    keepHeapSmall();
    const { runDev } = await import('../build/run-dev.js');
    return runDev({
      dir: this.dir ?? '.',
      appArgs: this.context.appArgs,
      flags: typedFlags(DEV_ROWS, this),
      printConfig: this.printConfig,
      json: this.json,
      stdout: this.context.stdout,
      stderr: this.context.stderr,
      env: process.env,
    });
  }
}

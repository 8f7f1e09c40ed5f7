import { Command, Option } from 'clipanion';
import type { CliContext } from '../cli-context.js';
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
      'Keys at a terminal: h help, r build what is not up to date, o open the page, c clear, q quit.',
    ],
    options: [
      ['--no-fast', 'profile and environment as plain cargo-leptos; watching and recovery stay'],
      ['--preset NAME', 'balanced (default), debuggable, minimal or roadmap'],
      ['--port N', "the app's port, instead of the configured one"],
      ['--project NAME', 'the Leptos project, where a workspace has several'],
      ['--debounce MS', 'quiet time after which saves count as settled (300)'],
      ['--poll[=MS]', 'look for changes every MS (500) instead of waiting for file events'],
      ['--max-retries N', 'how often in a row a dead cargo-leptos is started again (3)'],
      ['--no-gate', 'let cargo-leptos call cargo itself: builds are neither held nor joined'],
      ['--no-proxy', "let the app have the site's port itself: requests fail while its server restarts"],
      ['--no-hot-reload', 'show edits of view! when they are built, not before; pages are reloaded each time'],
      ['--no-skip', 'build both sides for every edit of a Rust file, also where one of them does not see it'],
      [
        '--no-skip-comments',
        'build for comments and white space too, so that line numbers in panics are right at once',
      ],
      ['--open', 'open the page in the browser when it is ready'],
      ['--json', 'one JSON event a line on stdout'],
      ['--verbose', 'tell also what cargo-leptos says and why a side was skipped'],
    ],
    examples: [
      ["in the app's folder", 'dev'],
      ['on another port, with arguments for the app', 'dev --port 4000 -- --seed demo'],
      ['as plain cargo-leptos builds, but with our watching', 'dev --no-fast'],
      ['for scripts', 'dev --json'],
    ],
  };

  dir = Option.String({ required: false });
  noFast = Option.Boolean('--no-fast', false);
  preset = Option.String('--preset');
  port = Option.String('--port');
  project = Option.Array('--project');
  debounce = Option.String('--debounce', '300');
  poll = Option.String('--poll', { tolerateBoolean: true });
  maxRetries = Option.String('--max-retries', '3');
  noGate = Option.Boolean('--no-gate', false);
  noProxy = Option.Boolean('--no-proxy', false);
  noHotReload = Option.Boolean('--no-hot-reload', false);
  noSkip = Option.Boolean('--no-skip', false);
  noSkipComments = Option.Boolean('--no-skip-comments', false);
  open = Option.Boolean('--open', false);
  json = Option.Boolean('--json', false);
  verbose = Option.Boolean('--verbose', false);

  override async execute(): Promise<number> {
    const { runDev } = await import('../build/run-dev.js');
    return runDev({
      dir: this.dir ?? '.',
      appArgs: this.context.appArgs,
      fast: !this.noFast,
      preset: this.preset,
      port: this.port,
      projects: this.project ?? [],
      debounce: this.debounce,
      poll: this.poll,
      maxRetries: this.maxRetries,
      gate: !this.noGate,
      proxy: !this.noProxy,
      hotReload: !this.noHotReload,
      skip: !this.noSkip,
      skipComments: !this.noSkipComments,
      open: this.open,
      json: this.json,
      verbose: this.verbose,
      stdout: this.context.stdout,
      stderr: this.context.stderr,
      env: process.env,
    });
  }
}

import { Command, Option } from 'clipanion';
import type { CliContext } from '../cli-context.js';
import type { CommandHelp } from '../ui/help.js';

/** `leptos-fast bench`: measures how long edits take until a person sees them. */
export class BenchCommand extends Command<CliContext> {
  static override paths = [['bench']];

  static help: CommandHelp = {
    name: 'bench',
    summary: 'measure how long starts and edits take, also beside plain cargo leptos watch',
    usage: 'bench [DIR] [OPTIONS]',
    details: [
      'Starts the tools as a person does, makes edits, and measures from the save until the server answers with the',
      'new content and the new wasm. Without DIR on generated sample projects; with DIR on copies of your app: no file of',
      'yours is touched. The first run compiles the dependencies once for each tool. Ctrl-C keeps and tells what there is.',
      'Scenarios: app-build, warm-start, leaf, shared, server-fn, text, css, asset, comment, no-op, burst, syntax-error,',
      'manifest, and cold (everything from nothing, minutes each time), which is measured only when it is named.',
    ],
    options: [
      ['--sizes A,B', 'samples: small (3 pages), medium (30), large (120), workspace (30, three crates) (small,large)'],
      ['--scenarios A,B', 'only these (all but cold)'],
      ['--compare', 'measure plain cargo leptos watch too, in turn with leptos-fast'],
      ['--presets A,B', 'leptos-fast once with each of these presets'],
      ['--runs N', 'so many rounds, after a warm-up that does not count (6)'],
      ['--browser', 'also look in a headless Chromium when an edit is painted'],
      ['--project NAME', 'the Leptos project, where a workspace has several'],
      ['--json FILE', 'write every value and all figures, kept up to date while it runs'],
      ['--markdown FILE', 'write the tables'],
      ['--baseline FILE', 'compare with what an earlier run has written with --json'],
      ['--fail-over PERCENT', 'exit with 1 when something is slower than the baseline by more, beyond the noise'],
      ['--dir FOLDER', "keep projects and builds there (the user's cache folder)"],
    ],
    examples: [
      ['leptos-fast beside plain cargo leptos watch', 'bench --sizes small,large --compare'],
      ['your own app, with a table for a ticket', 'bench . --compare --markdown bench.md'],
      [
        'which preset is best for a text and a start?',
        'bench . --presets balanced,minimal --scenarios text,warm-start',
      ],
      ['in CI', 'bench --sizes small --baseline main.json --fail-over 15%'],
    ],
  };

  dir = Option.String({ required: false });
  sizes = Option.String('--sizes');
  scenarios = Option.String('--scenarios');
  compare = Option.Boolean('--compare', false);
  presets = Option.String('--presets');
  runs = Option.String('--runs', '6');
  browser = Option.Boolean('--browser', false);
  project = Option.String('--project');
  json = Option.String('--json');
  markdown = Option.String('--markdown');
  baseline = Option.String('--baseline');
  failOver = Option.String('--fail-over');
  home = Option.String('--dir');

  override async execute(): Promise<number> {
    const { runBench } = await import('../bench/run-bench.js');
    const { stdout } = this.context;
    return runBench({
      dir: this.dir,
      project: this.project,
      sizes: this.sizes,
      scenarios: this.scenarios,
      compare: this.compare,
      presets: this.presets,
      runs: this.runs,
      json: this.json,
      markdown: this.markdown,
      baseline: this.baseline,
      failOver: this.failOver,
      home: this.home,
      browser: this.browser,
      command: ['leptos-fast', ...process.argv.slice(2)].join(' '),
      env: process.env,
      print: (text) => void stdout.write(text),
      stderr: process.stderr,
      columns: 'columns' in stdout && typeof stdout.columns === 'number' ? stdout.columns : undefined,
    });
  }
}

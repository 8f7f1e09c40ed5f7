import { Command, Option } from 'clipanion';
import type { CliContext } from '../cli-context.js';
import type { LfError } from '../core/errors.js';
import type { CommandHelp } from '../ui/help.js';
import { fail, isTerminal, openQuestionsAt } from './at-terminal.js';

/** The width of reports that go into a file or another program. */
const COLUMNS_WITHOUT_TERMINAL = 120;

/** `leptos-fast tune`: measures which settings make edits of this very app faster, and offers them. */
export class TuneCommand extends Command<CliContext> {
  static override paths = [['tune']];

  static help: CommandHelp = {
    name: 'tune',
    summary: 'measure which build settings make your edits faster, and offer them',
    usage: 'tune [DIR] [OPTIONS]',
    details: [
      'Builds a copy of the app again and again, each time after a small edit, with one setting after the other and in turn',
      'with the profile that you have. What is faster beyond the noise, and is so once more on new edits, is offered as a diff',
      'of Cargo.toml, with its cost. Your files are not touched before you say yes; what was built for it is removed.',
      'That no setting wins is a result too. Nothing else should run meanwhile: a busy machine makes for wide intervals.',
    ],
    options: [
      ['--budget TIME', 'when it has to be over: 15m (default), 90s, 1.5h; more time tries more'],
      ['--only A,B', 'linker, codegen-units, debug, split-debuginfo, macros, names, threads, backend'],
      ['--preset NAME', "measure against this preset instead of the manifest's profile"],
      ['--project NAME', 'the Leptos project, where a workspace has several'],
      ['--dry-run', 'measure and show the diff, write nothing'],
      ['-y, --yes', 'write what won without asking'],
      ['--json', 'the figures as one JSON object on stdout; the rest on stderr'],
    ],
    examples: [
      ["in the app's folder", 'tune'],
      ['only what needs no new build of the dependencies', 'tune --only linker,codegen-units --budget 5m'],
      ['over lunch, and look at it later', 'tune --budget 1h --dry-run --json > tune.json'],
      ['undo', 'init --remove'],
    ],
  };

  dir = Option.String({ required: false });
  budget = Option.String('--budget', '15m');
  only = Option.String('--only');
  preset = Option.String('--preset');
  project = Option.String('--project');
  dryRun = Option.Boolean('--dry-run', false);
  yes = Option.Boolean('--yes,-y', false);
  json = Option.Boolean('--json', false);

  override async execute(): Promise<number> {
    if (this.yes && this.dryRun) return fail(this.context, eitherOr());
    const [{ runTune }, { TuneView }, { systemClock }] = await Promise.all([
      import('../tune/run-tune.js'),
      import('../tune/tune-view.js'),
      import('../core/clock.js'),
    ]);
    const { stdout, stderr } = this.context;
    const isAtTerminal = isTerminal(stdout) && isTerminal(stderr) && process.env.CI === undefined;
    const out = this.json ? stderr : stdout;
    const cwd = process.cwd();
    const view = new TuneView({
      write: (text) => void out.write(text),
      isTerminal: isAtTerminal && !this.json,
      cwd,
      now: () => systemClock.now(),
    });
    const result = await runTune(
      {
        dir: this.dir ?? '.',
        budget: this.budget,
        project: this.project,
        preset: this.preset,
        only: this.only,
        dryRun: this.dryRun,
        yes: this.yes,
        json: this.json,
        clock: systemClock,
        env: process.env,
        cwd,
        columns: 'columns' in stdout && Number(stdout.columns) > 0 ? Number(stdout.columns) : COLUMNS_WITHOUT_TERMINAL,
        print: (text) => void stdout.write(text),
        openQuestions: () => (this.json || this.yes ? Promise.resolve(undefined) : openQuestionsAt(this.context)),
      },
      view,
    );
    if (result.ok) return result.value;
    let exitCode = 3;
    for (const error of result.error) exitCode = await fail(this.context, error);
    return exitCode;
  }
}

function eitherOr(): LfError {
  return {
    code: 'LF022',
    message: '--dry-run cannot be combined with --yes',
    help: ['use one of them'],
    exitCode: 2,
  };
}

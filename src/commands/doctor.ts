import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Command, Option } from 'clipanion';
import type { CliContext } from '../cli-context.js';
import type { LfError } from '../core/errors.js';
import type { CommandHelp } from '../ui/help.js';
import { fail, isTerminal, openQuestionsAt } from './at-terminal.js';

/** The width of reports that go into a file or another program. */
const COLUMNS_WITHOUT_TERMINAL = 100;

/** `leptos-fast doctor`: checks machine and project, and repairs what it safely can. */
export class DoctorCommand extends Command<CliContext> {
  static override paths = [['doctor']];

  static help: CommandHelp = {
    name: 'doctor',
    summary: 'check machine and project, and repair what can be repaired',
    usage: 'doctor [DIR] [OPTIONS]',
    details: [
      'Looks at the tools, the machine and the project, and tells of each what it means and what to do.',
      'Changes nothing without --fix. What could not be found out is "unknown", never ok.',
      'Exit code: 0 no problem (warnings may be), 1 a problem, 3 no Leptos project.',
    ],
    options: [
      ['--fix', 'install what is missing and mend what is safe to mend; files of yours only after a question'],
      ['-y, --yes', 'with --fix: change files of yours without asking'],
      ['--json', 'one JSON object on stdout; what --fix does is told on stderr'],
    ],
    examples: [
      ["in the app's folder", 'doctor'],
      ['repair, asking before a file of yours is changed', 'doctor --fix'],
      ['in a script or CI', 'doctor --fix --yes'],
      ['for scripts', 'doctor --json'],
    ],
  };

  dir = Option.String({ required: false });
  fix = Option.Boolean('--fix', false);
  yes = Option.Boolean('--yes,-y', false);
  json = Option.Boolean('--json', false);

  override async execute(): Promise<number> {
    if (this.yes && !this.fix) return fail(this.context, yesAlone());
    const [{ runDoctor }, { thisSystem }] = await Promise.all([
      import('../doctor/run-doctor.js'),
      import('../doctor/system.js'),
    ]);
    const { stdout, stderr } = this.context;
    const typed = resolve(this.dir ?? '.');
    const questions = !this.fix || this.json || this.yes ? undefined : await openQuestionsAt(this.context);
    const repairOutput = this.json ? stderr : stdout;
    const result = await runDoctor(
      // cargo names canonical paths; the report would not shorten others.
      { dir: await realpath(typed).catch(() => typed), fix: this.fix, json: this.json },
      thisSystem(process.env),
      {
        print: (text) => void stdout.write(text),
        columns: 'columns' in stdout && Number(stdout.columns) > 0 ? Number(stdout.columns) : COLUMNS_WITHOUT_TERMINAL,
        repairs: {
          cwd: process.cwd(),
          env: process.env,
          write: (text) => void repairOutput.write(text),
          isTerminal: isTerminal(stderr),
          ask: questions?.ask,
          yes: this.yes,
        },
      },
    );
    questions?.close();
    return result.ok ? result.value : fail(this.context, result.error);
  }
}

function yesAlone(): LfError {
  return { code: 'LF022', message: '--yes goes with --fix', help: ['leptos-fast doctor --fix --yes'], exitCode: 2 };
}

import { Command, Option } from 'clipanion';
import type { CliContext } from '../cli-context.js';
import type { LfError } from '../core/errors.js';
import type { CommandHelp } from '../ui/help.js';
import { fail, openQuestionsAt } from './at-terminal.js';

/** `leptos-fast init`: merges the fast profile into the project's manifests, or takes it out again. */
export class InitCommand extends Command<CliContext> {
  static override paths = [['init']];

  static help: CommandHelp = {
    name: 'init',
    summary: 'merge the fast profile into Cargo.toml, or take it out',
    usage: 'init [DIR] [OPTIONS]',
    details: [
      "Adds [profile.dev-fast] to the workspace's Cargo.toml and lets the Leptos metadata choose it for development builds.",
      'Every other byte stays. Values that you set by hand stay too, unless you say --yes.',
      'Without --preset a project keeps the preset that it has.',
    ],
    options: [
      ['--preset NAME', 'balanced (default), debuggable, minimal or roadmap'],
      ['--dry-run', 'show the diff, write nothing'],
      ['--check', 'exit 0 when up to date, 1 when not; write nothing'],
      ['--remove', 'restore what was there before'],
      ['-y, --yes', "ask nothing, and take the preset's values over your own"],
    ],
    examples: [
      ['see what would change', 'init --dry-run'],
      ['merge the default preset', 'init'],
      ['full debug info', 'init --preset debuggable'],
      ['in CI: is it up to date?', 'init --check'],
      ['undo', 'init --remove'],
    ],
  };

  dir = Option.String({ required: false });
  preset = Option.String('--preset');
  dryRun = Option.Boolean('--dry-run', false);
  check = Option.Boolean('--check', false);
  remove = Option.Boolean('--remove', false);
  yes = Option.Boolean('--yes,-y', false);

  override async execute(): Promise<number> {
    const { runInit } = await import('../project/init.js');
    if (this.check && (this.remove || this.dryRun)) return fail(this.context, checkAlone());
    const questions = await openQuestionsAt(this.context);
    const result = await runInit(
      {
        dir: this.dir ?? process.cwd(),
        preset: this.preset,
        mode: this.check ? 'check' : this.dryRun ? 'dry-run' : 'write',
        remove: this.remove,
        yes: this.yes,
      },
      { cwd: process.cwd(), write: (text) => void this.context.stdout.write(text), ask: questions?.ask },
    );
    questions?.close();
    return result.ok ? result.value : fail(this.context, result.error);
  }
}

function checkAlone(): LfError {
  return {
    code: 'LF022',
    message: '--check cannot be combined with --remove or --dry-run',
    help: ['use one of them'],
    exitCode: 2,
  };
}

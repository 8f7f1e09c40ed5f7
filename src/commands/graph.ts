import { Command, Option } from 'clipanion';
import type { CliContext } from '../cli-context.js';
import type { LfError } from '../core/errors.js';
import type { CommandHelp } from '../ui/help.js';
import { fail, isTerminal } from './at-terminal.js';

/** `leptos-fast graph`: what the app is made of. */
export class GraphCommand extends Command<CliContext> {
  static override paths = [['graph']];
  static help: CommandHelp = {
    name: 'graph',
    summary: 'what the crates and the wasm are made of',
    usage: 'graph [DIR] [OPTIONS]',
    details: [
      'Tells which of your crates an edit compiles again and what that took, the longest chain of dependencies, crates that are',
      'there in several versions, cycles through dev-dependencies, and the wasm of the last build by section and by crate.',
    ],
    options: [
      ['--sizes', 'build releases of the wasm with other settings, and tell what each weighs: minutes each'],
      ['--project NAME', 'with --sizes: the Leptos project, where a workspace has several'],
      ['--json', 'all of it, for scripts'],
    ],
    examples: [
      ["in the app's folder", 'graph'],
      ['what would make the page lighter to load', 'graph --sizes'],
      ['crates in several versions', "graph --json | jq '.duplicates[].name'"],
    ],
  };

  dir = Option.String({ required: false });
  sizes = Option.Boolean('--sizes', false);
  project = Option.String('--project');
  json = Option.Boolean('--json', false);

  override async execute(): Promise<number> {
    const { stdout, stderr } = this.context;
    if (this.sizes) {
      const { runSizes } = await import('../graph/sizes/run-sizes.js');
      const measured = await runSizes({
        dir: this.dir ?? '.',
        project: this.project,
        json: this.json,
        env: process.env,
        isTerminal: isTerminal(stderr) && process.env.CI === undefined,
        print: (text) => void stdout.write(text),
        tell: (text) => void stderr.write(text),
      });
      if (measured.ok) return 0;
      let exitCode = 3;
      for (const error of measured.error) exitCode = await fail(this.context, error);
      return exitCode;
    }
    if (this.project !== undefined) return fail(this.context, projectAlone());
    const { runGraph } = await import('../graph/run-graph.js');
    const told = await runGraph({
      dir: this.dir ?? '.',
      json: this.json,
      env: process.env,
      now: Date.now(),
      print: (text) => void stdout.write(text),
    });
    return told.ok ? 0 : fail(this.context, told.error);
  }
}

function projectAlone(): LfError {
  return {
    code: 'LF022',
    message: '--project belongs to --sizes; without it, graph tells of all projects',
    help: ['leptos-fast graph --sizes --project NAME'],
    exitCode: 2,
  };
}

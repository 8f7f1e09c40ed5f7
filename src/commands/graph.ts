import { Command, Option } from 'clipanion';
import type { CliContext } from '../cli-context.js';
import type { CommandHelp } from '../ui/help.js';
import { fail } from './at-terminal.js';

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
    options: [['--json', 'all of it, for scripts']],
    examples: [
      ["in the app's folder", 'graph'],
      ['crates in several versions', "graph --json | jq '.duplicates[].name'"],
    ],
  };

  dir = Option.String({ required: false });
  json = Option.Boolean('--json', false);

  override async execute(): Promise<number> {
    const { runGraph } = await import('../graph/run-graph.js');
    const { stdout } = this.context;
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

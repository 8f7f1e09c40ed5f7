import { Command, Option } from 'clipanion';
import type { CliContext } from '../cli-context.js';
import type { CommandHelp } from '../ui/help.js';
import { fail } from './at-terminal.js';

/** `leptos-fast cache stats|clear`: what is kept on the disk between two runs. */
export class CacheCommand extends Command<CliContext> {
  static override paths = [['cache']];

  static help: CommandHelp = {
    name: 'cache',
    summary: 'what leptos-fast keeps on the disk between two runs',
    usage: 'cache stats|clear [DIR] [OPTIONS]',
    details: [
      'stats tells what is kept, and how much room it takes; clear deletes it.',
      "It lies in leptos-fast/cache in the target directory. What cargo has built is cargo's, and stays.",
    ],
    options: [['--json', 'the same for scripts']],
    examples: [
      ["in the app's folder", 'cache stats'],
      ['begin anew', 'cache clear'],
    ],
  };

  action = Option.String();
  dir = Option.String({ required: false });
  json = Option.Boolean('--json', false);

  override async execute(): Promise<number> {
    const { runCache } = await import('../cache/run-cache.js');
    const { stdout } = this.context;
    const done = await runCache({
      action: this.action,
      dir: this.dir ?? '.',
      json: this.json,
      env: process.env,
      print: (text) => void stdout.write(text),
    });
    if (done.ok) return 0;
    let code = 0;
    for (const error of done.error) code = await fail(this.context, error);
    return code;
  }
}

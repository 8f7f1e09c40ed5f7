import { Cli } from 'clipanion';
import type { CliContext } from './cli-context.js';
import { COMMANDS } from './commands/commands.js';
import type { LfError } from './core/errors.js';
import { nearestName } from './core/nearest-name.js';
import { ownVersion } from './core/version.js';
import { formatError } from './ui/error-block.js';
import { formatCommandHelp, formatOverview } from './ui/help.js';

/** Runs one command line and returns its exit code: 2 when the command line itself is wrong. */
async function main(argv: readonly string[]): Promise<number> {
  const dashes = argv.indexOf('--');
  const own = dashes < 0 ? argv : argv.slice(0, dashes);
  const [name] = own;
  const command = COMMANDS.find(({ help }) => help.name === name);
  if (own.includes('--help') || own.includes('-h') || name === undefined) {
    process.stdout.write(
      command
        ? formatCommandHelp(command.help)
        : formatOverview(
            COMMANDS.map(({ help }) => help),
            ownVersion(),
          ),
    );
    return 0;
  }
  if (name === '--version' || name === '-v') {
    process.stdout.write(`${ownVersion()}\n`);
    return 0;
  }
  if (!command) return fail(unknownCommand(name));

  const cli = new Cli<CliContext>({ binaryName: 'leptos-fast' });
  for (const known of COMMANDS) cli.register(known);
  const context = { ...Cli.defaultContext, appArgs: dashes < 0 ? [] : argv.slice(dashes + 1) };
  let parsed: ReturnType<typeof cli.process>;
  try {
    parsed = cli.process({ input: [...own], context });
  } catch (error) {
    return fail(wrongUsage(command.help.name, error));
  }
  return cli.run(parsed, context);
}

function fail(error: LfError): number {
  process.stderr.write(formatError(error));
  return error.exitCode;
}

function unknownCommand(name: string): LfError {
  const [first, ...rest] = COMMANDS.map(({ help }) => help.name);
  return {
    code: 'LF022',
    message: name.startsWith('-') ? `unknown option ${name}` : `there is no command "${name}"`,
    help: [`did you mean: leptos-fast ${nearestName([first ?? 'dev', ...rest], name)}?`, 'leptos-fast --help'],
    exitCode: 2,
  };
}

/** clipanion's message begins with what is wrong; the usage line below it is replaced by our help. */
function wrongUsage(command: string, error: unknown): LfError {
  const [message = 'wrong usage'] = error instanceof Error ? error.message.trim().split('\n') : [];
  return { code: 'LF022', message: message.replace(/[.:]$/, ''), help: [`leptos-fast ${command} --help`], exitCode: 2 };
}

// A reader that went away (`| head`, a closed terminal) is no bug of ours, and must not keep us from ending in order.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
    // Nobody reads any more: a running `dev` ends in order, as after SIGTERM.
    if (process.listenerCount('SIGTERM') > 0) process.emit('SIGTERM');
  });
}

process.exitCode = await main(process.argv.slice(2));

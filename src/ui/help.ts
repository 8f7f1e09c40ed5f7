import kleur from 'kleur';

/** What `--help` tells about a command; each command class carries one. */
export interface CommandHelp {
  readonly name: string;
  /** One line, for the list of commands. */
  readonly summary: string;
  /** What follows `leptos-fast`, e.g. `dev [DIR] [-- APP-ARGS]`. */
  readonly usage: string;
  readonly details: readonly string[];
  /** The option as it is typed, and what it does. */
  readonly options: readonly (readonly [string, string])[];
  /** What the example is for, and what follows `leptos-fast`. */
  readonly examples: readonly (readonly [string, string])[];
}

/** `leptos-fast --help`. */
export function formatOverview(commands: readonly CommandHelp[], version: string): string {
  return [
    `${kleur.bold(`leptos-fast ${version}`)}: cargo leptos watch, fast and reliable`,
    '',
    `${kleur.bold('Usage')}  leptos-fast COMMAND [OPTIONS]`,
    '',
    kleur.bold('Commands'),
    ...table(commands.map(({ name, summary }) => [name, summary])),
    '',
    kleur.bold('Options'),
    ...table([
      ['-h, --help', 'this, or with a command its options and examples'],
      ['-v, --version', 'the version'],
    ]),
    '',
    `More: ${kleur.cyan('leptos-fast dev --help')}`,
    '',
  ].join('\n');
}

/** `leptos-fast COMMAND --help`. */
export function formatCommandHelp(help: CommandHelp): string {
  return [
    `${kleur.bold(`leptos-fast ${help.name}`)}: ${help.summary}`,
    '',
    `${kleur.bold('Usage')}  leptos-fast ${help.usage}`,
    '',
    ...help.details,
    '',
    kleur.bold('Options'),
    ...table(help.options),
    '',
    kleur.bold('Examples'),
    ...help.examples.flatMap(([what, command]) => [`  ${kleur.dim(`# ${what}`)}`, `  leptos-fast ${command}`]),
    '',
  ].join('\n');
}

function table(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${kleur.cyan(left.padEnd(width))}  ${right}`);
}

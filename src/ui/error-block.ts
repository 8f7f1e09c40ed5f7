import kleur from 'kleur';
import { formatPlace, type LfError } from '../core/errors.js';

/**
 * Renders an error as the one block that every command prints on stderr:
 * `error[LF012]: what`, the place, the cause, and `help:` with the ways out.
 * Colour is kleur's decision (NO_COLOR, FORCE_COLOR, terminal) and carries no meaning alone.
 */
export function formatError(error: LfError): string {
  const lines = [`${kleur.red().bold(`error[${error.code}]`)}${kleur.bold(`: ${error.message}`)}`];
  if (error.where) lines.push(`  ${kleur.blue('-->')} ${formatPlace(error.where)}`);
  if (error.why) lines.push(...error.why.split('\n').map((line) => `  ${line}`.trimEnd()));
  error.help.forEach((line, index) => {
    lines.push(index === 0 ? `${kleur.cyan().bold('help:')} ${line}` : `      ${line}`);
  });
  return `${lines.join('\n')}\n`;
}

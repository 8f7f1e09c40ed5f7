import kleur from 'kleur';
import type { ConfigEntry, Event } from '../core/events.js';

/** `--print-config` for people: each setting, its value and where that comes from, in columns. */
export function formatConfig({ file, settings }: Extract<Event, { event: 'config' }>): string {
  const rows = settings.map((entry) => ({ ...entry, shown: formatValue(entry) }));
  const names = Math.max(...rows.map(({ name }) => name.length));
  const values = Math.max(...rows.map(({ shown }) => shown.length));
  return [
    kleur.dim(`the settings file is ${file}`),
    '',
    ...rows.map(({ name, shown, source, from }) => {
      const line = `${name.padEnd(names)}  ${shown.padEnd(values)}  `;
      return source === 'default' ? kleur.dim(`${line}${from}`) : `${line}${kleur.cyan(from)}`;
    }),
  ].join('\n');
}

function formatValue({ value, unset }: ConfigEntry): string {
  if (unset !== undefined) return `not set: ${unset}`;
  return Array.isArray(value) ? value.join(', ') : String(value);
}

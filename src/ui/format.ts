import { stripVTControlCharacters } from 'node:util';
import kleur from 'kleur';

/** The time of day of an ISO timestamp, in the local zone. */
export function formatTimeOfDay(iso: string): string {
  const date = new Date(iso);
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => String(part).padStart(2, '0')).join(':');
}

/** Text as another program coloured it, without its colours where ours are off. */
export function keepColours(text: string): string {
  return kleur.enabled ? text : stripVTControlCharacters(text);
}

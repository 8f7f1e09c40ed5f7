import { stripVTControlCharacters } from 'node:util';
import kleur from 'kleur';

/** A duration for people: `0.18 s`, `4.2 s`, `1 min 12 s`. */
export function formatMs(ms: number): string {
  if (ms < 995) return `${(ms / 1_000).toFixed(2)} s`;
  if (ms < 59_950) return `${(ms / 1_000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1_000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** The time of day of an ISO timestamp, in the local zone. */
export function formatTimeOfDay(iso: string): string {
  const date = new Date(iso);
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => String(part).padStart(2, '0')).join(':');
}

/** Text as another program coloured it, without its colours where ours are off. */
export function keepColours(text: string): string {
  return kleur.enabled ? text : stripVTControlCharacters(text);
}

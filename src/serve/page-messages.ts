import * as v from 'valibot';
import type { PageMessage } from './page-protocol.js';

/** So much (characters) of what a page reports is kept. */
const MAX_REPORT = 20_000;

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const moment = v.pipe(v.number(), v.finite(), v.minValue(0));

const schema: v.GenericSchema<unknown, PageMessage> = v.variant('type', [
  v.object({ type: v.literal('hello'), at: moment, path: v.pipe(v.string(), v.maxLength(8_192)) }),
  v.object({ type: v.literal('shown'), batch: count, kind: v.picklist(['reload', 'style', 'assets']) }),
  v.object({ type: v.literal('patched'), id: v.pipe(v.string(), v.maxLength(200)), ok: v.boolean() }),
  v.object({ type: v.literal('open'), error: count }),
  v.object({
    type: v.literal('page-error'),
    message: v.pipe(
      v.string(),
      v.transform((text) => text.slice(0, MAX_REPORT)),
    ),
  }),
]);

/** Reads what came over a page's socket; null when it is nothing that a page of ours would send. */
export function parsePageMessage(text: string): PageMessage | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const parsed = v.safeParse(schema, value);
  return parsed.success ? parsed.output : null;
}

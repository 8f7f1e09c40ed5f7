import type { App } from '../scenarios/driver/app.js';
import { replace, type Variant, variant } from '../scenarios/variants/variant.js';

/** The sample app, with a line of CSS and a size of the image that can be edited. */
export const latencyApp: Variant = variant('latency', (files) => {
  files.set('style/main.css', `${files.get('style/main.css') ?? ''}\n#headline {\n  color: rgb(1, 1, 1);\n}\n`);
  replace(files, 'public/shell.svg', '<svg ', '<svg width="64" height="64" ');
});

/** Replaces what a pattern finds in a file exactly once, and saves it. Returns when, in ms since the epoch. */
export function save(app: App, file: string, pattern: RegExp, to: string): number {
  const text = app.read(file);
  const found = text.match(new RegExp(pattern, 'g'))?.length ?? 0;
  if (found !== 1) throw new Error(`${file} has ${found} of ${pattern}`);
  const next = text.replace(pattern, () => to);
  const at = Date.now();
  app.write(file, next);
  return at;
}

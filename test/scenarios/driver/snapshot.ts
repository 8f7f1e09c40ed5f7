import { cpSync, existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { REPO, SNAPSHOT } from './places.js';

/** What the product consists of. */
const PARTS = ['bin', 'dist', 'templates', 'package.json'];

/** Copies the product as it is built now: a campaign takes hours, and someone may build in between. */
export function takeSnapshot(): void {
  if (!existsSync(join(REPO, 'dist/cli.js'))) throw new Error('leptos-fast is not built: npm run build');
  rmSync(SNAPSHOT, { recursive: true, force: true });
  mkdirSync(SNAPSHOT, { recursive: true });
  for (const part of PARTS) cpSync(join(REPO, part), join(SNAPSHOT, part), { recursive: true });
  symlinkSync(join(REPO, 'node_modules'), join(SNAPSHOT, 'node_modules'));
}

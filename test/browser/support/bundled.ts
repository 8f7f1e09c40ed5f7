import { join } from 'node:path';
import { build } from 'esbuild';
import { REPO } from '../../support/dist.js';

/** A module of src/client/ with all that it imports, as one module for a page. */
export async function bundled(name: string): Promise<string> {
  const entry = join(REPO, 'src/client', name);
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    format: 'esm',
    target: 'es2022',
    write: false,
  });
  return outputFiles[0]?.text ?? '';
}

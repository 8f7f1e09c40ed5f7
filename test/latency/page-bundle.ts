import { join } from 'node:path';
import { build } from 'esbuild';
import { REPO } from '../scenarios/driver/places.js';

/** The probe with all that it imports, as a classic script that leaves no names behind. */
export async function bundleProbe(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(REPO, 'test/latency/page/probe.ts')],
    bundle: true,
    format: 'iife',
    target: 'es2022',
    write: false,
  });
  return outputFiles[0]?.text ?? '';
}

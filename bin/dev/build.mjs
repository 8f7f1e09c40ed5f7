/**
 * `npm run build`: compiles src/ to dist/: the command for Node, src/client/ for the browser.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { REPO } from './paths.mjs';
import { isMain, runHere, runMain } from './process.mjs';

/** The compiler's exit code. dist/ is made anew, so that nothing stays in it of a file that is gone. */
export async function build() {
  rmSync(join(REPO, 'dist'), { recursive: true, force: true });
  const code = await tsc(['-p', 'tsconfig.json']);
  if (code === 0) await bundleClient();
  return code;
}

/** One file, since a page would load thirty modules in waves, anew each time. */
async function bundleClient() {
  // On a fresh checkout this file is read before the packages are there.
  const esbuild = await import('esbuild');
  await esbuild.build({
    entryPoints: [join(REPO, 'src/client/main.ts')],
    outfile: join(REPO, 'dist/client/main.js'),
    bundle: true,
    format: 'esm',
    target: 'es2022',
    charset: 'utf8',
    logLevel: 'warning',
  });
}

/** Runs the TypeScript compiler. */
export async function tsc(args) {
  return await runHere(process.execPath, [join(REPO, 'node_modules/typescript/bin/tsc'), ...args], { cwd: REPO });
}

if (isMain(import.meta.url)) await runMain(build);

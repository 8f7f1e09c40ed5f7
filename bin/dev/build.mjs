/**
 * `npm run build`: compiles src/ to dist/: the command for Node, src/client/ and src/dashboard/page/ for
 * the browser.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { REPO } from './paths.mjs';
import { isMain, runHere, runMain } from './process.mjs';

/** The compiler's exit code. dist/ is made anew, so that nothing stays in it of a file that is gone. */
export async function build() {
  rmSync(join(REPO, 'dist'), { recursive: true, force: true });
  const code = await tsc(['-p', 'tsconfig.json']);
  if (code === 0) await bundlePages();
  return code;
}

/** One file of each, since a page would load thirty modules in waves, anew each time. */
async function bundlePages() {
  await bundle('src/client/main.ts', 'dist/client/main.js');
  await bundle('src/dashboard/page/main.ts', 'dist/dashboard-page/page.js', { minify: true });
  await bundle('src/dashboard/page/style.css', 'dist/dashboard-page/page.css', { minify: true });
}

async function bundle(entry, outfile, options = {}) {
  // On a fresh checkout this file is read before the packages are there.
  const esbuild = await import('esbuild');
  await esbuild.build({
    entryPoints: [join(REPO, entry)],
    outfile: join(REPO, outfile),
    bundle: true,
    format: 'esm',
    target: 'es2022',
    charset: 'utf8',
    logLevel: 'warning',
    ...options,
  });
}

/** Runs the TypeScript compiler. */
export async function tsc(args) {
  return await runHere(process.execPath, [join(REPO, 'node_modules/typescript/bin/tsc'), ...args], { cwd: REPO });
}

if (isMain(import.meta.url)) await runMain(build);

/**
 * `npm run build`: compiles src/ to dist/.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { REPO } from './paths.mjs';
import { isMain, runHere, runMain } from './process.mjs';

/** The compiler's exit code. dist/ is made anew, so that nothing stays in it of a file that is gone. */
export async function build() {
  rmSync(join(REPO, 'dist'), { recursive: true, force: true });
  return await tsc(['-p', 'tsconfig.json']);
}

/** Runs the TypeScript compiler. */
export async function tsc(args) {
  return await runHere(process.execPath, [join(REPO, 'node_modules/typescript/bin/tsc'), ...args], { cwd: REPO });
}

if (isMain(import.meta.url)) await runMain(build);

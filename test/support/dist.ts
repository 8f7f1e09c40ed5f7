import { fileURLToPath } from 'node:url';

const file = (path: string) => new URL(`../../dist/${path}`, import.meta.url);

/** The compiled gate: its shim starts a compiled script, so the sources alone would not do. */
export async function compiledShim(): Promise<typeof import('../../src/gate/shim.js')> {
  return import(file('gate/shim.js').href);
}

/** The folder of the compiled modules. */
export const DIST = fileURLToPath(file(''));

/** This repository. */
export const REPO = fileURLToPath(new URL('../../', import.meta.url));

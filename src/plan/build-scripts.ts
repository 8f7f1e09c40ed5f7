import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PackageInfo } from '../project/model.js';

/** What a package's build script may do to the question whether an edit matters. */
export interface BuildScriptReach {
  /** It may read the package's sources. */
  readonly readsSources: boolean;
  /** It may turn features on that cargo does not know of. */
  readonly setsFeatures: boolean;
}

const NO_SCRIPT: BuildScriptReach = { readsSources: false, setsFeatures: false };
const ANYTHING: BuildScriptReach = { readsSources: true, setsFeatures: true };
/** Without a line of this kind cargo runs the script after every change in the package. */
const NAMES_ITS_INPUTS = /\brerun-if-/;
const SIGNS_OF_READING = /\bsrc\b|\.rs\b|read_dir|walkdir|\bglob\b/i;

/** Looks a package's build script over; one that is not at its usual place may do anything. */
export async function readBuildScript({ dir, hasBuildScript }: PackageInfo): Promise<BuildScriptReach> {
  if (!hasBuildScript) return NO_SCRIPT;
  const text = await readFile(join(dir, 'build.rs'), 'utf8').catch(() => null);
  if (text === null) return ANYTHING;
  return {
    readsSources: !NAMES_ITS_INPUTS.test(text) || SIGNS_OF_READING.test(text),
    setsFeatures: /rustc-cfg/.test(text) && /feature/.test(text),
  };
}

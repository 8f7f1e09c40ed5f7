import type { LfError, Place } from '../core/errors.js';
import { locateKey } from './locate-key.js';

/** Where a problem of the Leptos metadata stands: a key of a manifest whose line is looked up only then, or a known place. */
export type ProblemSite =
  | { readonly kind: 'key'; readonly manifestPath: string; readonly keys: readonly (string | number)[] }
  | { readonly kind: 'file'; readonly place: Place }
  | { readonly kind: 'env'; readonly variable: string };

/** What is wrong with the Leptos metadata; becomes an LF006. */
export interface MetadataProblem {
  readonly message: string;
  readonly at: ProblemSite;
  readonly why?: string;
  readonly help: readonly string[];
}

/** The problem as LF006, with the line of its key. */
export async function toLfError(problem: MetadataProblem): Promise<LfError> {
  const where = await findPlace(problem.at);
  return {
    code: 'LF006',
    message: problem.message,
    ...(where ? { where } : {}),
    ...(problem.why === undefined ? {} : { why: problem.why }),
    help: problem.help,
    exitCode: 3,
  };
}

async function findPlace(site: ProblemSite): Promise<Place | undefined> {
  switch (site.kind) {
    case 'key':
      return locateKey(site.manifestPath, site.keys);
    case 'file':
      return site.place;
    case 'env':
      return undefined;
  }
}

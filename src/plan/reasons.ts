import type { RustSide } from '../core/events.js';
import type { FileVerdict } from './compare-rust.js';

/** So many names are listed; the rest is counted. */
const LISTED = 3;

/** What is known of one changed file and one side: a comparison, or why there is none. */
export type Finding = (
  | FileVerdict
  /** No build of this side has read it. */
  | { readonly kind: 'unread' }
  /** It counts as it is: what changed in it was not looked at, or cannot be. */
  | { readonly kind: 'whole'; readonly why: string }
) & { readonly file: string };

/** Does this finding mean a build? */
export function needsBuild({ kind }: Finding): boolean {
  return kind === 'changed' || kind === 'whole';
}

/** Why a side is built, for people: `` `Home` changed in src/home.rs ``, `a.css changed`. */
export function reasonToBuild(findings: readonly Finding[]): string {
  const [first, ...others] = findings.filter(needsBuild);
  if (!first) return '';
  const more = others.length > 0 ? ` (and ${others.length} more ${others.length === 1 ? 'file' : 'files'})` : '';
  if (first.kind === 'changed' && first.items.length > 0)
    return `${listed(first.items)} changed in ${first.file}${more}`;
  return `${first.file} ${first.kind === 'whole' ? first.why : 'changed'}${more}`;
}

/** Why a side is not built, for people: ``only the body of `load_items` changed``. */
export function reasonToSkip(side: RustSide, findings: readonly Finding[]): string {
  const parts = findings.flatMap((finding) => (finding.kind === 'elsewhere' ? finding.parts : []));
  const bodies = parts.filter(({ kind }) => kind === 'server body').map(({ name }) => name);
  const others = parts.filter(({ kind }) => kind === 'cfg').map(({ name }) => name);
  const causes: string[] = [];
  if (bodies.length > 0) causes.push(`the ${bodies.length === 1 ? 'body' : 'bodies'} of ${listed(bodies)}`);
  if (others.length > 0) causes.push(otherCode(side, others));
  if (causes.length > 0) return `only ${causes.join(' and ')} changed`;
  if (findings.some(({ kind }) => kind === 'comments')) return 'only comments and white space changed';
  const unread = findings.filter(({ kind }) => kind === 'unread').map(({ file }) => file);
  if (unread.length > 0 && unread.length === findings.length) {
    return `${unread.slice(0, LISTED).join(', ')} ${unread.length === 1 ? 'is' : 'are'} no part of it`;
  }
  return 'same content as its last build';
}

function otherCode(side: RustSide, names: readonly string[]): string {
  const named = names.filter((name) => name !== '');
  const code = `code for the ${side === 'front' ? 'server' : 'browser'}`;
  return named.length > 0 ? `${code} (${listed(named)})` : code;
}

function listed(names: readonly string[]): string {
  const unique = [...new Set(names)].map((name) => (/^\w+!?$/.test(name) ? `\`${name}\`` : name));
  if (unique.length > LISTED) return `${unique.slice(0, LISTED).join(', ')} and ${unique.length - LISTED} more`;
  return unique.length < 2 ? unique.join('') : `${unique.slice(0, -1).join(', ')} and ${unique.at(-1)}`;
}

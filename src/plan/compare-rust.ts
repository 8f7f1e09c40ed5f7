import type { RustOutliner } from './rust-outline.js';
import { type RemovedPart, type SideContext, type SideView, viewOf } from './side-view.js';

/** What an edit of one Rust file means for one side. */
export type FileVerdict =
  | { readonly kind: 'same' }
  /** Only comments, doc comments of items, or white space. */
  | { readonly kind: 'comments' }
  /** Only what the side does not have. */
  | { readonly kind: 'elsewhere'; readonly parts: readonly Pick<RemovedPart, 'kind' | 'name'>[] }
  /** Code that the side is built from; `items` are the changed ones of the top level, as far as they have names. */
  | { readonly kind: 'changed'; readonly items: readonly string[] };

export interface CompareOptions {
  /** Is a change of comments and white space no change? Line numbers in panics are then off until the next build. */
  readonly skipComments: boolean;
}

/**
 * Says whether a side that was built from `before` needs a build for `after`. A text that the grammar does not fit is a
 * change, and so is all that is not certain to be none.
 */
export function compareRust(
  outliner: RustOutliner,
  before: string,
  after: string,
  context: SideContext,
  { skipComments }: CompareOptions,
): FileVerdict {
  if (before === after) return { kind: 'same' };
  const [old, now] = [before, after].map((text) => {
    const source = asRustcReads(text);
    const outline = outliner.outline(source);
    return outline && viewOf(source, outline, context);
  });
  if (!old || !now) return { kind: 'changed', items: [] };
  if (skipComments ? old.tokens !== now.tokens : old.text !== now.text) {
    return { kind: 'changed', items: changedItems(old, now) };
  }
  const parts = changedParts(old.removed, now.removed);
  return parts.length > 0 ? { kind: 'elsewhere', parts } : { kind: 'comments' };
}

/** rustc takes a byte order mark at the start away, and CRLF for LF everywhere (rustc_span, `normalize_src`). */
function asRustcReads(text: string): string {
  return text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n');
}

function changedItems(old: SideView, now: SideView): string[] {
  const before = new Set(old.items.map(({ name, tokens }) => `${name}\n${tokens}`));
  const after = new Set(now.items.map(({ name, tokens }) => `${name}\n${tokens}`));
  const names = [...now.items, ...old.items]
    .filter(({ name, tokens }) => name !== '' && before.has(`${name}\n${tokens}`) !== after.has(`${name}\n${tokens}`))
    .map(({ name }) => name);
  return [...new Set(names)];
}

function changedParts(old: readonly RemovedPart[], now: readonly RemovedPart[]): Pick<RemovedPart, 'kind' | 'name'>[] {
  const key = ({ kind, name, text }: RemovedPart): string => `${kind}\n${name}\n${text}`;
  const before = new Set(old.map(key));
  const after = new Set(now.map(key));
  const changed = new Map<string, Pick<RemovedPart, 'kind' | 'name'>>();
  for (const part of [...now, ...old]) {
    if (before.has(key(part)) !== after.has(key(part))) {
      changed.set(`${part.kind}\n${part.name}`, { kind: part.kind, name: part.name });
    }
  }
  return [...changed.values()];
}

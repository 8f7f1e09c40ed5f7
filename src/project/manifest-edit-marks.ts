/**
 * How leptos-fast marks what it wrote, so that `init --remove` can restore a manifest from the manifest alone:
 *
 *     [profile.dev-fast] # leptos-fast: balanced preset; undo: leptos-fast init --remove     the first line of a new profile
 *     debug = false # leptos-fast                                    a line that was not there
 *     debug = false # leptos-fast: balanced                          the same, in a profile that the user already had
 *     debug = false # leptos-fast: balanced, was: debug = 1          a line that was changed, with the old one in full
 *
 * A mark is always the whole comment of its line. Whoever deletes the comment makes the line their own.
 */
export interface Mark {
  /** The preset that the line was written for; absent where the first line of the profile says it. */
  readonly preset?: string;
  /** Set on the first line of a profile that leptos-fast created. */
  readonly isFirst: boolean;
  /** The line as it was, without its indentation; absent on a line that was not there. */
  readonly was?: string;
}

const FIRST = ' preset; undo: leptos-fast init --remove';
const PATTERN = /^# leptos-fast(?:: ([a-z][a-z-]*)( preset; undo: leptos-fast init --remove)?)?(?:, was: (.*))?$/s;

/** The comment for a mark. */
export function formatMark(mark: Mark): string {
  const preset = mark.preset === undefined ? '' : `: ${mark.preset}${mark.isFirst ? FIRST : ''}`;
  return `# leptos-fast${preset}${mark.was === undefined ? '' : `, was: ${mark.was}`}`;
}

/** Reads a comment (with its `#`); undefined when it is not one of ours. */
export function parseMark(comment: string): Mark | undefined {
  const match = PATTERN.exec(comment);
  if (!match) return undefined;
  const [, preset, first, was] = match;
  return {
    isFirst: first !== undefined,
    ...(preset === undefined ? {} : { preset }),
    ...(was === undefined ? {} : { was }),
  };
}

/** Puts a mark behind a line's content. */
export function withMark(content: string, mark: Mark): string {
  return `${content} ${formatMark(mark)}`;
}

/** Whether a profile's line was written into a profile that leptos-fast itself created. */
export function isOfOwnProfile(mark: Mark): boolean {
  return mark.isFirst || mark.preset === undefined;
}

import type { LfError } from '../core/errors.js';
import { err, ok, type Result } from '../core/result.js';
import { applyLineChanges, indentOf, joinLines } from './manifest-edit-lines.js';
import { type Mark, withMark } from './manifest-edit-marks.js';
import {
  type Container,
  type KeySite,
  type Manifest,
  pathId,
  samePath,
  startsWith,
  type TomlPath,
} from './manifest-edit-parse.js';
import { type ManifestValue, renderAssignment, renderPath, renderValue } from './manifest-edit-render.js';
import { existsTable, findKey } from './manifest-edit-values.js';
import { PROFILE_NAME } from './preset-names.js';

/** One key to write. `preset` is the name to put into its mark, absent for the keys of the Leptos metadata. */
export interface Setting {
  readonly path: TomlPath;
  readonly value: ManifestValue;
  readonly preset?: string;
}

const PROFILE = ['profile', PROFILE_NAME] as const;

/**
 * Writes keys into a manifest and marks each line (see manifest-edit-marks.ts); every other byte stays. A key that exists
 * gets the new value; a new one goes where the user's own keys of that table stand, in the style in which they stand, and
 * a new table to the end of the file. Error: LF032 where that cannot be done in whole lines.
 */
export function insertSettings(manifest: Manifest, file: string, settings: readonly Setting[]): Result<string> {
  const editor = new Editor(manifest, file);
  for (const setting of settings) {
    const failure = editor.set(setting);
    if (failure) return err(failure);
  }
  return editor.finish();
}

interface InlineEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Collects the changes of one manifest, by line. */
class Editor {
  readonly #manifest: Manifest;
  readonly #file: string;
  readonly #isNewProfile: boolean;
  #firstMarkIsDue: boolean;
  readonly #edits = new Map<number, InlineEdit[]>();
  readonly #presets = new Map<number, string>();
  readonly #inline = new Map<Container, string[]>();
  readonly #inserted = new Map<number, string[]>();
  readonly #blocks = new Map<string, string[]>();

  constructor(manifest: Manifest, file: string) {
    this.#manifest = manifest;
    this.#file = file;
    this.#isNewProfile = !existsTable(manifest, PROFILE);
    this.#firstMarkIsDue = this.#isNewProfile;
  }

  set(setting: Setting): LfError | undefined {
    const site = findKey(this.#manifest, setting.path);
    if (site) return this.#replace(site, setting);
    const blocking = this.#manifest.keys.find(
      ({ path, node }) =>
        path.length < setting.path.length && startsWith(setting.path, path) && node.value.type === 'TOMLValue',
    );
    if (blocking) return this.#refuse(blocking.node.loc.start.line - 1, `${describe(blocking.path)} is not a table`);
    const table = setting.path.slice(0, -1);
    for (let length = table.length; length > 0; length--) {
      const prefix = table.slice(0, length);
      const container = this.#manifest.containers.find(({ kind, path }) => kind !== 'root' && samePath(path, prefix));
      if (container?.kind === 'inline') return this.#insertInline(container, setting);
      const dotted = this.#manifest.keys.findLast(
        (key) => key.container.path.length < length && key.path.length > length && startsWith(key.path, prefix),
      );
      if (dotted) return this.#insertAfterKey(dotted, setting);
      // A dotted key cannot reach into a table that has a header of its own further down, nor need it in `[profile]`.
      if (container && (length === table.length || length >= PROFILE.length))
        return this.#insertInHeader(container, setting);
      if (this.#manifest.containers.some(({ path }) => path.length > length && startsWith(path, prefix))) break;
    }
    return this.#insertInNewHeader(setting);
  }

  finish(): Result<string> {
    for (const [container, items] of this.#inline) this.#writeInline(container, items);
    const replace = new Map<number, string>();
    for (const [index, edits] of this.#edits) {
      if (this.#isInsideValue(index)) return err(this.#refuse(index, 'a value goes over the end of this line'));
      replace.set(index, this.#rewriteLine(index, edits));
    }
    const append = [...this.#blocks.values()].flatMap((block, index) =>
      this.#manifest.lines.length === 0 && index === 0 ? block : ['', ...block],
    );
    const lines = applyLineChanges(this.#manifest.lines, { replace, insertAfter: this.#inserted, append });
    return ok(this.#manifest.bom + joinLines(lines));
  }

  #replace(site: KeySite, { value, preset }: Setting): LfError | undefined {
    const { loc, range } = site.node.value;
    const line = loc.start.line - 1;
    if (site.node.value.type !== 'TOMLValue' || loc.end.line !== loc.start.line) {
      return this.#refuse(line, `${describe(site.path)} holds more than one plain value on one line`);
    }
    this.#edit(line, { start: range[0], end: range[1], text: renderValue(value) }, preset);
    return undefined;
  }

  #insertAfterKey(key: KeySite, setting: Setting): undefined {
    if (key.container.kind === 'inline') return this.#insertInline(key.container, setting);
    const indent = indentOf(this.#lineContent(key.node.loc.start.line - 1));
    this.#insertLine(key.node.loc.end.line - 1, indent + this.#assignment(key.container, setting), setting);
    return undefined;
  }

  #insertInHeader(container: Container, setting: Setting): undefined {
    const last = container.keys.at(-1);
    if (last) return this.#insertAfterKey(last, setting);
    const line = container.node.loc.start.line - 1;
    this.#insertLine(line, indentOf(this.#lineContent(line)) + this.#assignment(container, setting), setting);
    return undefined;
  }

  #insertInline(container: Container, setting: Setting): undefined {
    const line = container.node.loc.start.line - 1;
    const rest = this.#lineContent(line).slice(container.node.loc.start.column + 1);
    const isOpenedHere = container.node.loc.end.line - 1 > line && /^[ \t]*(#.*)?$/.test(rest);
    if (isOpenedHere) {
      const first = container.keys[0]?.node.loc.start.line;
      const indent =
        first === undefined ? `${indentOf(this.#lineContent(line))}  ` : indentOf(this.#lineContent(first - 1));
      this.#insertLine(line, `${indent}${this.#assignment(container, setting)},`, setting);
      return undefined;
    }
    const items = this.#inline.get(container) ?? [];
    this.#inline.set(container, [...items, this.#assignment(container, setting)]);
    if (setting.preset !== undefined) this.#presets.set(line, setting.preset);
    return undefined;
  }

  #insertInNewHeader(setting: Setting): LfError | undefined {
    const table = setting.path.slice(0, -1);
    const profile = [...PROFILE];
    // Short where it may be: `package.syn.opt-level = 1` below the profile's own new header.
    const isOwn = startsWith(table, profile) && !this.#hasHeaderBelow(table.slice(0, profile.length + 1));
    const header = isOwn && (table.length > profile.length || this.#isNewProfile) ? profile : table;
    const names = header.filter((part) => typeof part === 'string');
    if (names.length < header.length) return this.#refuse(0, `${describe(table)} is an entry of an array`);
    const id = pathId(header);
    const block = this.#blocks.get(id) ?? [withMark(`[${renderPath(names)}]`, this.#mark(setting))];
    const key = setting.path.slice(header.length).map(String);
    this.#blocks.set(id, [...block, withMark(renderAssignment(key, setting.value), this.#mark(setting))]);
    return undefined;
  }

  #hasHeaderBelow(path: TomlPath): boolean {
    if (path.length <= PROFILE.length) return false;
    return this.#manifest.containers.some((container) => startsWith(container.path, path));
  }

  #writeInline(container: Container, items: readonly string[]): void {
    const start = container.node.range[0] + 1;
    const isEmpty = container.keys.length === 0;
    const gap = isEmpty || /\s/.test(this.#manifest.text[start] ?? '') ? '' : ' ';
    const text = ` ${items.join(', ')}${isEmpty ? ' ' : ','}${gap}`;
    const end = isEmpty ? container.node.range[1] - 1 : start;
    this.#edit(container.node.loc.start.line - 1, { start, end, text });
  }

  #insertLine(after: number, content: string, setting: Setting): void {
    this.#inserted.set(after, [...(this.#inserted.get(after) ?? []), withMark(content, this.#mark(setting))]);
  }

  #edit(line: number, edit: InlineEdit, preset?: string): void {
    this.#edits.set(line, [...(this.#edits.get(line) ?? []), edit]);
    if (preset !== undefined) this.#presets.set(line, preset);
  }

  #rewriteLine(index: number, edits: readonly InlineEdit[]): string {
    const was = this.#lineContent(index);
    const start = this.#lineStart(index);
    const comment = this.#manifest.program.comments.find(({ loc }) => loc.start.line - 1 === index);
    let content = comment ? was.slice(0, comment.loc.start.column) : was;
    for (const edit of [...edits].sort((a, b) => b.start - a.start)) {
      content = content.slice(0, edit.start - start) + edit.text + content.slice(edit.end - start);
    }
    const preset = this.#presets.get(index);
    const mark: Mark = {
      isFirst: false,
      was: was.slice(indentOf(was).length),
      ...(preset === undefined ? {} : { preset }),
    };
    return withMark(content.trimEnd(), mark);
  }

  /** The first line of a new profile says it all; the lines after it need no more than the name of this tool. */
  #mark({ path, preset }: Setting): Mark {
    if (preset === undefined || !startsWith(path, PROFILE)) return { isFirst: false };
    if (!this.#isNewProfile) return { isFirst: false, preset };
    const isFirst = this.#firstMarkIsDue;
    this.#firstMarkIsDue = false;
    return isFirst ? { isFirst, preset } : { isFirst };
  }

  #assignment(container: Container, { path, value }: Setting): string {
    return renderAssignment(path.slice(container.path.length).map(String), value);
  }

  /** A comment at the end of a line is one only where the line does not end inside a string. */
  #isInsideValue(index: number): boolean {
    const end = this.#lineStart(index) + this.#lineContent(index).length;
    return this.#manifest.program.tokens.some(({ range }) => range[0] < end && end < range[1]);
  }

  #lineContent(index: number): string {
    return this.#manifest.lines[index]?.content ?? '';
  }

  #lineStart(index: number): number {
    return this.#manifest.lines.slice(0, index).reduce((sum, { content, eol }) => sum + content.length + eol.length, 0);
  }

  #refuse(index: number, why: string): LfError {
    return {
      code: 'LF032',
      message: 'this manifest cannot be edited without changing more than the keys that were asked for',
      where: { file: this.#file, line: index + 1 },
      why,
      help: ['write that part as a plain table, e.g. [profile.dev-fast] with one key a line, and run init again'],
      exitCode: 3,
    };
  }
}

function describe(path: TomlPath): string {
  return path.join('.');
}

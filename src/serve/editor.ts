import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { execa } from 'execa';
import { type Clock, delay, systemClock } from '../core/clock.js';
import { formatPlace, type LfError } from '../core/errors.js';
import { err, ok, type Result } from '../core/result.js';

/** Where in a file: its absolute path, line and column counted from 1. */
export interface EditorPlace {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The editor's command and its arguments in front of the place. */
export type Editor = readonly [command: string, ...args: string[]];

/** An editor that ends with an error does so within this time (ms); one that runs on is open. */
const FAILS_WITHIN_MS = 2_000;

/** They need the terminal, which is ours. */
const IN_TERMINAL: ReadonlySet<string> = new Set(
  'amp ed emacs helix hx jed joe kak mcedit mg micro nano ne nvim pico vi vim vis zile'.split(' '),
);

/** How editors take a place, by the name of their command. All others get the file alone. */
const PLACE_ARGUMENTS: readonly [names: string, args: (place: EditorPlace) => string[]][] = [
  [
    'antigravity code code-insiders code-oss codium cursor trae vscodium windsurf',
    (place) => ['-g', formatPlace(place)],
  ],
  ['atom lapce subl sublime_text zed zeditor', (place) => [formatPlace(place)]],
  [
    'clion clion64 fleet goland goland64 idea idea64 rider rider64 rustrover rustrover64 webstorm webstorm64',
    ({ file, line, column }) => ['--line', `${line}`, '--column', `${column}`, file],
  ],
  ['emacs emacsclient', ({ file, line, column }) => [`+${line}:${column}`, file]],
  ['gvim mvim nvim-qt vim nvim', ({ file, line }) => [`+${line}`, file]],
  ['kate kwrite', ({ file, line, column }) => ['-l', `${line}`, '-c', `${column}`, file]],
  ['gedit gnome-text-editor pluma xed', ({ file, line, column }) => [`+${line}:${column}`, file]],
  ['mate', ({ file, line }) => ['-l', `${line}`, file]],
];

/**
 * The editor that opens places by itself: `$LEPTOS_FAST_EDITOR`, else `$VISUAL` unless that one runs in the terminal.
 * Null when there is none. `{file}`, `{line}` and `{column}` in its arguments stand for the place.
 */
export function editorFrom(env: Environment): Editor | null {
  const own = splitWords(env.LEPTOS_FAST_EDITOR ?? '');
  if (own) return own;
  const visual = splitWords(env.VISUAL ?? '');
  if (!visual || IN_TERMINAL.has(commandName(visual[0])) || visual.some((word) => /^(-nw|-t|--tty)$/.test(word))) {
    return null;
  }
  return visual;
}

/** Opens the editor at the place, without a shell. Fails when there is no editor or file, or the editor says so. */
export async function openInEditor(
  place: EditorPlace,
  env: Environment,
  clock: Clock = systemClock,
): Promise<Result<void>> {
  const editor = editorFrom(env);
  if (!editor) return err(notOpened(place, 'no editor is set'));
  if (!existsSync(place.file)) return err(notOpened(place, 'the file is gone'));
  const [command, ...args] = editor;
  // Not ours to end: it may be the window with all of the person's files.
  const child = execa(command, placed(editor, args, place), {
    stdio: 'ignore',
    detached: true,
    cleanup: false,
    reject: false,
  });
  child.unref();
  const ended = await Promise.race([child, delay(clock, FAILS_WITHIN_MS)]);
  return ended?.failed ? err(notOpened(place, ended.shortMessage ?? 'it could not be started')) : ok(undefined);
}

/** A link that opens the place in VS Code. */
export function editorUrl({ file, line, column }: EditorPlace): string {
  const path = file.replaceAll('\\', '/').split('/').map(encodeURIComponent).join('/');
  const isDrive = /^[a-z]%3A\//i.test(path);
  return `vscode://file${isDrive ? `/${path.replace('%3A', ':')}` : path}:${line}:${column}`;
}

function placed([command]: Editor, args: readonly string[], place: EditorPlace): string[] {
  const values: Readonly<Record<string, string>> = {
    file: place.file,
    line: `${place.line}`,
    column: `${place.column}`,
  };
  const filled = args.map((word) =>
    word.replace(/\{(file|line|column)\}/g, (_all, name: string) => values[name] ?? ''),
  );
  if (filled.some((word, index) => word !== args[index])) return filled;
  const name = commandName(command);
  const known = PLACE_ARGUMENTS.find(([names]) => names.split(' ').includes(name));
  return [...args, ...(known ? known[1](place) : [place.file])];
}

function commandName(command: string): string {
  return basename(command.replaceAll('\\', '/'))
    .replace(/\.(exe|cmd|bat)$/i, '')
    .toLowerCase();
}

/** The words of a command line; quotes keep spaces. Null when there are none. */
function splitWords(line: string): Editor | null {
  const [command, ...args] = [...line.matchAll(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g)].map(([word]) =>
    word.replace(/"([^"]*)"|'([^']*)'/g, '$1$2'),
  );
  return command === undefined || command === '' ? null : [command, ...args];
}

function notOpened(place: EditorPlace, why: string): LfError {
  return {
    code: 'LF052',
    message: `the editor was not opened at ${formatPlace(place)}`,
    why,
    help: ['set LEPTOS_FAST_EDITOR to the command of your editor, e.g. code'],
    exitCode: 3,
  };
}

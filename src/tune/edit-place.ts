import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { TemplateNode } from '../patch/view-model.js';
import { readViewSource } from '../patch/view-source.js';
import type { LeptosProject, PackageInfo } from '../project/model.js';
import type { AppCopy } from './app-copy.js';

/** Texts of fewer letters are rather marks than words, and may stand in more than one place. */
const SHORTEST_TEXT = 3;

/** The place in the copy that is edited again and again. */
export interface EditPlace {
  /** For people: `a text in view! of src/app.rs:41`. */
  readonly what: string;
  /** Makes the so-and-so-manieth edit. */
  make(edit: number): Promise<void>;
}

/**
 * Chooses a text in a `view!` that both sides have, in the file with the most markup; where there is none, a function at the
 * end of the library. Null when the library has no file that could be edited.
 */
export async function findEditPlace(project: LeptosProject, copy: AppCopy): Promise<EditPlace | null> {
  const server = new Set(project.serverPackages.map(({ id }) => id));
  const shared = project.frontPackages.filter(({ id }) => server.has(id));
  const packages = shared.length > 0 ? shared : [project.libPackage];
  const files = (await Promise.all(packages.map((pkg) => rustFiles(pkg, copy)))).flat();
  const places = files.flatMap((file) => placeInView(file, copy) ?? []);
  const best = places.sort((a, b) => b.views - a.views || (a.file < b.file ? -1 : 1))[0];
  if (best) return best.place;
  const library = files.find(({ file }) => file.endsWith(join('src', 'lib.rs')));
  return library ? functionAtEnd(library, copy) : null;
}

interface SourceFile {
  readonly file: string;
  readonly text: string;
}

async function rustFiles({ dir }: PackageInfo, copy: AppCopy): Promise<readonly SourceFile[]> {
  const folder = copy.at(dir);
  if (folder === undefined) return [];
  const names = await readdir(join(folder, 'src'), { recursive: true }).catch(() => []);
  const files = names.filter((name) => name.endsWith('.rs')).map((name) => join(folder, 'src', name));
  return Promise.all(files.map(async (file) => ({ file, text: await readFile(file, 'utf8') })));
}

function placeInView(
  { file, text }: SourceFile,
  copy: AppCopy,
): { readonly file: string; readonly views: number; readonly place: EditPlace } | null {
  const source = readViewSource(text);
  if (!source) return null;
  for (const { nodes } of source.views) {
    for (const value of textsOf(nodes)) {
      const literal = `"${value}"`;
      const at = text.indexOf(literal);
      // Written once and as it is rendered: nothing else changes with it.
      if (source.literals.get(value) !== 1 || at < 0 || text.indexOf(literal, at + 1) >= 0) continue;
      const line = text.slice(0, at).split('\n').length;
      return {
        file,
        views: source.views.length,
        place: {
          what: `a text in view! of ${relative(copy.root, file)}:${line}`,
          make: (edit) => writeFile(file, `${text.slice(0, at)}"${value} ${edit}"${text.slice(at + literal.length)}`),
        },
      };
    }
  }
  return null;
}

function* textsOf(nodes: readonly TemplateNode[]): Generator<string> {
  for (const node of nodes) {
    if (node.kind === 'text' && node.value.trim().length >= SHORTEST_TEXT && !/["\\{}]/.test(node.value))
      yield node.value;
    if (node.kind === 'element') yield* textsOf(node.children);
    if (node.kind === 'hole' && node.inner) yield* textsOf(node.inner);
  }
}

function functionAtEnd({ file, text }: SourceFile, copy: AppCopy): EditPlace {
  return {
    what: `a function at the end of ${relative(copy.root, file)}`,
    make: (edit) => writeFile(file, `${text}\n#[doc(hidden)]\npub fn leptos_fast_tune() -> u32 {\n    ${edit}\n}\n`),
  };
}

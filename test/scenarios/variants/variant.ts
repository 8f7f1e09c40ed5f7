import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { REPO } from '../driver/places.js';

/** File names, relative to the app's folder, and their texts. */
export type Files = Map<string, string>;

/** An app made from templates/sample-app. All share its dependencies with their versions and features. */
export interface Variant {
  /** Folder of the app. */
  readonly name: string;
  /** The crate whose compilation shows that a build is under way, as rustc names it. */
  readonly crate: string;
  /** File name of the server's program. */
  readonly bin: string;
  /** The Leptos project's folder in the app's. */
  readonly projectDir: string;
  files(): Files;
}

const TEMPLATE = join(REPO, 'templates/sample-app');

/**
 * Name of the stylesheet and the wasm below /pkg: that of the sample app in all variants, since leptos itself is
 * compiled with it and would be compiled anew for another one.
 */
export const OUTPUT = 'tidepool';

/**
 * Makes a variant. Its package is named after it, so that variants don't overwrite each other's programs in the
 * shared target directory; `change` does the rest.
 */
export function variant(name: string, change: (files: Files) => void = () => undefined): Variant {
  const bin = `scene-${name}`;
  return {
    name,
    crate: bin.replaceAll('-', '_'),
    bin,
    projectDir: '.',
    files: () => {
      const files = base(bin);
      change(files);
      return files;
    },
  };
}

/** Replaces text that must be there. */
export function replace(files: Files, file: string, from: string, to: string): void {
  const text = files.get(file);
  if (!text?.includes(from)) throw new Error(`the sample app's ${file} has no ${JSON.stringify(from)}`);
  files.set(
    file,
    text.replaceAll(from, () => to),
  );
}

/** Puts all files into a folder. */
export function moveInto(files: Files, folder: string): void {
  for (const [file, text] of [...files]) {
    files.delete(file);
    files.set(join(folder, file), text);
  }
}

/** The sample app with a probe on its first page, and two assets. */
function base(bin: string): Files {
  const files: Files = new Map();
  for (const entry of readdirSync(TEMPLATE, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const file = relative(TEMPLATE, path);
    if (entry.isFile() && !file.startsWith('target')) files.set(file, readFileSync(path, 'utf8'));
  }
  files.set('.gitignore', files.get('gitignore') ?? '');
  files.delete('gitignore');
  replace(files, 'Cargo.toml', `name = "${OUTPUT}"\nversion`, `name = "${bin}"\nversion`);
  replace(files, 'Cargo.lock', JSON.stringify(OUTPUT), JSON.stringify(bin));
  replace(files, 'src/main.rs', `${OUTPUT}::`, `${bin.replaceAll('-', '_')}::`);
  replace(files, 'src/lib.rs', 'pub mod pages;', 'pub mod pages;\npub mod probe;\npub mod text;');
  replace(files, 'src/pages/home.rs', '<Status />', '<Status />\n            <crate::probe::Probe />');
  files.set('src/probe.rs', PROBE);
  files.set('src/text.rs', 'pub const TEXT: &str = "first";\n');
  files.set('public/note.txt', 'low water');
  return files;
}

/** Shows the text of the server's build and that of the wasm: an effect runs in the browser only. */
const PROBE = `use leptos::prelude::*;

use crate::text::TEXT;

#[component]
pub fn Probe() -> impl IntoView {
    let from_wasm = RwSignal::new("not hydrated");
    Effect::new(move |_| from_wasm.set(TEXT));

    view! {
        <p id="probe-server">{TEXT}</p>
        <p id="probe-wasm">{from_wasm}</p>
    }
}
`;

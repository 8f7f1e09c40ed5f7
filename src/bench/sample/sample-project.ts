import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { appSource, pagesSource, sectionSource, sectionsOf } from './frame-source.js';
import { withOwnCrates } from './lockfile.js';
import { pageModule, pageSource } from './page-source.js';
import { API, COMPONENTS, HOME, LEAF, marker } from './parts-source.js';
import { replaceIn } from './replace-in.js';
import { type SampleName, type SampleSize, sampleSize } from './sizes.js';
import { intoWorkspace } from './workspace-layout.js';

/** Names of files, relative to the project's folder and with `/`, and their texts. */
export type Files = ReadonlyMap<string, string>;

/** A generated Leptos project. */
export interface SampleProject {
  readonly name: SampleName;
  readonly pages: number;
  /** Lines of Rust. */
  readonly lines: number;
  /** The crates of the project itself. */
  readonly crates: readonly string[];
  /** Where the crate lies that holds the pages: empty, or a folder with `/` at its end. */
  readonly appFolder: string;
  readonly files: Files;
}

/** Exact versions of all dependencies, and a style, are those of the sample app. */
const TEMPLATE = new URL('../../../templates/sample-app/', import.meta.url);
const TEMPLATE_NAME = 'tidepool';

/**
 * Makes a sample project: the same bytes each time. All have the same dependencies with the same features and the same
 * `output-name`, which leptos itself is compiled with, so that a shared target directory has them for all sizes.
 */
export async function sampleProject(name: SampleName): Promise<SampleProject> {
  const size = sampleSize(name);
  const single = await singleCrate(size);
  const crate = crateOf(size);
  const made =
    size.layout === 'single'
      ? { files: single, crates: [crate], appFolder: '' }
      : { ...intoWorkspace(single, crate, TEMPLATE_NAME), appFolder: 'app/' };
  const rust = [...made.files].filter(([file]) => file.endsWith('.rs'));
  const lines = rust.reduce((sum, [, text]) => sum + text.split('\n').length - 1, 0);
  return { name, pages: size.pages, lines, ...made };
}

async function singleCrate(size: SampleSize): Promise<Map<string, string>> {
  const crate = crateOf(size);
  const sections = sectionsOf(size.pages);
  const files = new Map<string, string>();
  const manifest = await template('Cargo.toml');
  const named = replaceIn(manifest, `[package]\nname = "${TEMPLATE_NAME}"`, `[package]\nname = "${crate}"`);
  files.set(
    'Cargo.toml',
    replaceIn(named, 'publish = false', `description = "${marker('manifest', 0)}"\npublish = false`),
  );
  files.set('Cargo.lock', withOwnCrates(await template('Cargo.lock'), TEMPLATE_NAME, [{ name: crate }]));
  files.set('.gitignore', await template('gitignore'));
  const main = await template('src/main.rs');
  files.set('src/main.rs', replaceIn(main, `${TEMPLATE_NAME}::`, `${crate.replaceAll('-', '_')}::`));
  const lib = await template('src/lib.rs');
  files.set('src/lib.rs', replaceIn(lib, 'pub mod app;\n', 'pub mod app;\npub mod components;\n'));
  files.set('src/api.rs', API);
  files.set('src/app.rs', appSource(sections, TEMPLATE_NAME));
  files.set(
    'src/components/mod.rs',
    `${Object.keys(COMPONENTS)
      .map((part) => `pub mod ${part};\n`)
      .join('')}`,
  );
  for (const [part, text] of Object.entries(COMPONENTS)) files.set(`src/components/${part}.rs`, text);
  files.set('src/pages/mod.rs', pagesSource(sections));
  files.set('src/pages/home.rs', HOME);
  files.set('src/pages/leaf.rs', LEAF);
  for (const section of sections) {
    files.set(`src/pages/${section.name}/mod.rs`, sectionSource(section));
    for (const page of section.pages) files.set(`src/pages/${section.name}/${pageModule(page)}.rs`, pageSource(page));
  }
  files.set(
    'style/main.css',
    `${await template('style/main.css')}\n:root {\n  --bench-edit: "${marker('style', 0)}";\n}\n`,
  );
  files.set('public/shell.svg', await template('public/shell.svg'));
  files.set('public/bench.txt', `${marker('asset', 0)}\n`);
  return files;
}

/** A name of its own for each size, so that they do not overwrite each other's programs in a shared target directory. */
function crateOf({ name }: SampleSize): string {
  return `bench-${name}`;
}

function template(file: string): Promise<string> {
  return readFile(fileURLToPath(new URL(file, TEMPLATE)), 'utf8');
}

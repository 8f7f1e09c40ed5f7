import { type Files, replace, type Variant, variant } from './variant.js';

const single = variant('workspace');

/** Three crates, as start-axum-workspace has them: `app` shared, `frontend` for the browser, `server`. */
export const workspace: Variant = { ...single, crate: 'scene_app', bin: 'scene-server', files };

function files(): Files {
  const made = single.files();
  const manifest = made.get('Cargo.toml') ?? '';
  const leptos = manifest.slice(manifest.indexOf('output-name'));
  const dependencies = section(manifest, 'dependencies');

  for (const file of [...made.keys()].filter((name) => name.startsWith('src/'))) {
    made.set(`app/${file}`, made.get(file) ?? '');
    made.delete(file);
  }
  made.set('app/Cargo.toml', manifestOf('scene-app', '', `${dependencies}${features(manifest)}`));
  made.set('app/src/lib.rs', 'pub mod api;\npub mod app;\npub mod pages;\npub mod probe;\npub mod text;\n');

  made.set(
    'frontend/Cargo.toml',
    manifestOf(
      'scene-frontend',
      '[lib]\ncrate-type = ["cdylib", "rlib"]\n\n',
      `[dependencies]\nscene-app = { path = "../app", features = ["hydrate"] }\nleptos = { version = "=0.8.23", features = ["hydrate"] }\nconsole_error_panic_hook = "=0.1.7"\nwasm-bindgen = "=0.2.130"\n`,
    ),
  );
  made.set('frontend/src/lib.rs', FRONTEND);

  const main = made.get('app/src/main.rs') ?? '';
  made.delete('app/src/main.rs');
  made.set('server/src/main.rs', serverMain(main, single.crate));
  made.set('server/Cargo.toml', manifestOf('scene-server', '', SERVER_DEPENDENCIES));

  const metadata = leptos
    .replace(/^bin-features.*\n/m, '')
    .replace(/^lib-features.*\n/m, '')
    .replace(/^bin-default-features.*\n/m, '')
    .replace(/^lib-default-features.*\n?/m, '');
  made.set(
    'Cargo.toml',
    `[workspace]\nresolver = "3"\nmembers = ["app", "frontend", "server"]\n\n[[workspace.metadata.leptos]]\nname = "${single.bin}"\nbin-package = "scene-server"\nlib-package = "scene-frontend"\n${metadata}`,
  );
  replace(made, 'Cargo.lock', JSON.stringify(single.bin), '"scene-app"');
  return made;
}

function manifestOf(name: string, head: string, rest: string): string {
  return `[package]\nname = "${name}"\nversion = "0.1.0"\nedition = "2024"\npublish = false\n\n${head}${rest}`;
}

function section(manifest: string, name: string): string {
  const from = manifest.indexOf(`[${name}]`);
  return manifest.slice(from, manifest.indexOf('\n[', from) + 1);
}

function features(manifest: string): string {
  return section(manifest, 'features');
}

/** The server's program without the features that the single crate needs. */
function serverMain(text: string, crate: string): string {
  const main = text.slice(0, text.indexOf('/// Without the server'));
  return main.replace('#[cfg(feature = "ssr")]\n', '').replaceAll(`${crate}::`, 'scene_app::');
}

const FRONTEND = `use leptos as _;

#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_body(scene_app::app::App);
}
`;

const SERVER_DEPENDENCIES = `[dependencies]
scene-app = { path = "../app", features = ["ssr"] }
axum = "=0.8.9"
leptos = { version = "=0.8.23", features = ["ssr"] }
leptos_axum = "=0.8.10"
tokio = { version = "=1.54.1", features = ["macros", "net", "rt-multi-thread"] }
`;

import { withOwnCrates } from './lockfile.js';
import { replaceIn } from './replace-in.js';

/**
 * Makes three crates of one, as the template start-axum-workspace has them: `app` with everything that both sides share,
 * `frontend` for the browser, `server`.
 */
export function intoWorkspace(
  single: ReadonlyMap<string, string>,
  crate: string,
  output: string,
): { readonly files: Map<string, string>; readonly crates: readonly string[] } {
  const [app, frontend, server] = [`${crate}-app`, `${crate}-frontend`, `${crate}-server`];
  const text = (file: string): string => single.get(file) ?? '';
  const manifest = text('Cargo.toml');
  const files = new Map<string, string>();
  for (const [file, content] of single) files.set(file.startsWith('src/') ? `app/${file}` : file, content);
  files.delete('app/src/main.rs');

  const description = /^description = .*\n/m.exec(manifest)?.[0] ?? '';
  const dependencies = `${section(manifest, 'dependencies')}\n${section(manifest, 'features')}`;
  files.set('app/Cargo.toml', packageHead(app, description) + dependencies);
  const lib = text('src/lib.rs');
  files.set('app/src/lib.rs', lib.slice(0, lib.indexOf("/// The browser's entry point")).trimEnd().concat('\n'));

  const version = (name: string): string => new RegExp(`^${name} = .*?"(=[^"]+)"`, 'm').exec(manifest)?.[1] ?? '';
  files.set(
    'frontend/Cargo.toml',
    `${packageHead(frontend)}[lib]
crate-type = ["cdylib", "rlib"]

[dependencies]
${app} = { path = "../app", features = ["hydrate"] }
console_error_panic_hook = "${version('console_error_panic_hook')}"
leptos = { version = "${version('leptos')}", features = ["hydrate"] }
wasm-bindgen = "${version('wasm-bindgen')}"
`,
  );
  files.set(
    'frontend/src/lib.rs',
    `//! The browser's entry point: takes over the page that the server rendered.

#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_body(${underscored(app)}::app::App);
}
`,
  );
  files.set(
    'server/Cargo.toml',
    `${packageHead(server)}[dependencies]
${app} = { path = "../app", features = ["ssr"] }
axum = "${version('axum')}"
leptos = { version = "${version('leptos')}", features = ["ssr"] }
leptos_axum = "${version('leptos_axum')}"
tokio = { version = "${version('tokio')}", features = ["macros", "net", "rt-multi-thread"] }
`,
  );
  const main = text('src/main.rs');
  const program = main.slice(0, main.indexOf('/// Without the server')).trimEnd();
  const ungated = replaceIn(program, '#[cfg(feature = "ssr")]\n', '');
  files.set('server/src/main.rs', `${replaceIn(ungated, `${underscored(crate)}::`, `${underscored(app)}::`)}\n`);

  const leptos = section(manifest, 'package.metadata.leptos')
    .replace(/^\[.*\n/, '')
    .replaceAll(/^(bin|lib)-(default-)?features.*\n?/gm, '');
  files.set(
    'Cargo.toml',
    `[workspace]
resolver = "3"
members = ["app", "frontend", "server"]

[[workspace.metadata.leptos]]
name = "${output}"
bin-package = "${server}"
lib-package = "${frontend}"
${leptos}`,
  );
  files.set(
    'Cargo.lock',
    withOwnCrates(text('Cargo.lock'), crate, [
      { name: app },
      { name: frontend, dependencies: [app, 'console_error_panic_hook', 'leptos', 'wasm-bindgen'] },
      { name: server, dependencies: [app, 'axum', 'leptos', 'leptos_axum', 'tokio'] },
    ]),
  );
  return { files, crates: [app, frontend, server] };
}

function packageHead(name: string, description = ''): string {
  return `[package]
name = "${name}"
version = "0.1.0"
edition = "2024"
${description}publish = false

`;
}

/** A table of the manifest with its head. */
function section(manifest: string, name: string): string {
  const from = manifest.indexOf(`[${name}]`);
  if (from < 0) throw new Error(`the sample app has no [${name}]`);
  const next = manifest.indexOf('\n[', from);
  return next < 0 ? manifest.slice(from) : manifest.slice(from, next + 1);
}

function underscored(crate: string): string {
  return crate.replaceAll('-', '_');
}

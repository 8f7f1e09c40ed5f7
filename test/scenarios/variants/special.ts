import { moveInto, replace, type Variant, variant } from './variant.js';

/** Six thousand small assets: copying them takes a while. */
export const manyAssets: Variant = variant('many-assets', (files) => {
  for (let n = 0; n < 6_000; n += 1) files.set(`public/many/${n % 60}/${n}.txt`, `asset ${n}\n`);
});

/** The page's text stands in a file outside src that only `include_str!` names. */
export const includedText: Variant = variant('included-text', (files) => {
  files.set('content/text.txt', 'first');
  files.set('src/text.rs', 'pub const TEXT: &str = include_str!("../content/text.txt");\n');
});

/** The page's text comes from a crate beside the app's folder, outside its workspace. */
export const outsideCrate: Variant = {
  ...variant('outside-crate'),
  projectDir: 'app',
  files: () => {
    const files = variant('outside-crate').files();
    replace(files, 'Cargo.toml', '[dependencies]\n', '[dependencies]\nwords = { path = "../words" }\n');
    files.set('src/text.rs', 'pub use words::TEXT;\n');
    moveInto(files, 'app');
    files.set('words/Cargo.toml', '[package]\nname = "words"\nversion = "0.1.0"\nedition = "2024"\n\n[workspace]\n');
    files.set('words/src/lib.rs', 'pub const TEXT: &str = "first";\n');
    return files;
  },
};

/** Tailwind and nothing else makes the CSS. */
export const tailwindOnly: Variant = variant('tailwind-only', (files) => {
  replace(files, 'Cargo.toml', 'style-file = "style/main.css"', 'tailwind-input-file = "style/tailwind.css"');
  files.delete('style/main.css');
  files.set('style/tailwind.css', `@import "tailwindcss";\n\n#probe-server {\n  color: rgb(1, 1, 1);\n}\n`);
});

/** Sass with a partial that the main file uses. */
export const sass: Variant = variant('sass', (files) => {
  replace(files, 'Cargo.toml', 'style/main.css', 'style/main.scss');
  files.set('style/main.scss', `@use 'probe';\n\n${files.get('style/main.css') ?? ''}`);
  files.set('style/_probe.scss', '#probe-server {\n  color: rgb(1, 1, 1);\n}\n');
  files.delete('style/main.css');
});

/** The server takes 15 s to boot while a file `slow-boot` lies in the app's folder. */
export const slowBoot: Variant = variant('slow-boot', (files) =>
  replace(
    files,
    'src/main.rs',
    '    let listener =',
    `    if std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("slow-boot").exists() {
        std::thread::sleep(std::time::Duration::from_secs(15));
    }
    let listener =`,
  ),
);

/** A build script makes the page's text out of a file. */
export const buildScript: Variant = variant('build-script', (files) => {
  files.set('words.txt', 'first');
  files.set('src/text.rs', 'pub const TEXT: &str = env!("PAGE_TEXT");\n');
  files.set(
    'build.rs',
    `fn main() {
    println!("cargo::rerun-if-changed=words.txt");
    println!("cargo::rerun-if-changed=build.rs");
    let text = std::fs::read_to_string("words.txt").unwrap();
    println!("cargo::rustc-env=PAGE_TEXT={}{}", text.trim(), "");
}
`,
  );
});

/** Spaces and umlauts in the names of the app's folder and of a module's file. */
export const umlauts: Variant = {
  ...variant('umlauts', (files) => {
    replace(files, 'src/lib.rs', 'pub mod text;', '#[path = "größere wörter.rs"]\npub mod text;');
    files.set('src/größere wörter.rs', files.get('src/text.rs') ?? '');
    files.delete('src/text.rs');
  }),
  name: 'größere Übung',
};

/** The page's text lies in `shared`, beside the app's folder; the scenario links it to `src/words`. */
export const linkedSources: Variant = {
  ...variant('linked-sources'),
  projectDir: 'app',
  files: () => {
    const files = variant('linked-sources').files();
    replace(files, 'src/lib.rs', 'pub mod text;', '#[path = "words/text.rs"]\npub mod text;');
    const text = files.get('src/text.rs') ?? '';
    files.delete('src/text.rs');
    moveInto(files, 'app');
    files.set('shared/text.rs', text);
    return files;
  },
};

import type { LfError } from '../core/errors.js';

/** How reqwest, by which cargo-leptos downloads its tools, says that it cannot reach a server. */
const NOT_REACHED = /error sending request for url \((https?:\/\/[^)\s]+)\)/;

/** Where cargo-leptos 0.3.11 downloads from (ext/exe.rs), with what to have instead. */
const INSTALLED_OTHERWISE: readonly (readonly [RegExp, (url: string) => string])[] = [
  [/dart-sass/, () => 'install Dart Sass: npm install --save-dev sass'],
  [/tailwindcss/, () => 'install Tailwind CSS: npm install --save-dev tailwindcss @tailwindcss/cli'],
  [/wasm-bindgen/, (url) => `install wasm-bindgen: cargo install wasm-bindgen-cli --locked${versionIn(url)}`],
  [/binaryen/, () => 'install binaryen, which has wasm-opt, from your system or with npm install --save-dev binaryen'],
];

/**
 * cargo-leptos ended too often: what to do about it.
 * @param words its last lines, without colours
 */
export function givenUp(why: string, maxRetries: number, words: readonly string[]): LfError {
  const message = `cargo-leptos ${why}, ${maxRetries + 1} times in a row`;
  const url = words.flatMap((line) => NOT_REACHED.exec(line)?.[1] ?? []).at(-1);
  if (url !== undefined) {
    const [, instead] = INSTALLED_OTHERWISE.find(([pattern]) => pattern.test(url)) ?? [];
    return {
      code: 'LF050',
      message,
      why: `It wanted to download a tool that is not installed, and could not: ${url}`,
      help: [
        ...(instead ? [instead(url)] : []),
        'or give this machine a way to that server; then start leptos-fast dev again',
        'leptos-fast doctor tells what else is missing',
      ],
      exitCode: 4,
    };
  }
  return {
    code: 'LF050',
    message,
    why: 'What it said stands above.',
    help: [
      'mend what it complains about, then start leptos-fast dev again',
      'leptos-fast doctor looks for what the machine or the project lacks',
      'see how it fails alone: cargo leptos watch',
    ],
    exitCode: 4,
  };
}

function versionIn(url: string): string {
  const version = /(\d+\.\d+\.\d+)/.exec(url)?.[1];
  return version === undefined ? '' : ` --version ${version}`;
}

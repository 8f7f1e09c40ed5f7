import { expect, it } from 'vitest';
import { givenUp } from '../../src/build/given-up.js';

const notReached = (url: string): string => `   4: error sending request for url (${url})`;

it.each([
  [
    'https://github.com/sass/dart-sass/releases/download/1.86.0/dart-sass-1.86.0-linux-x64.tar.gz',
    'npm install --save-dev sass',
  ],
  ['https://github.com/tailwindlabs/tailwindcss/releases/download/v4.2.1/tailwindcss-linux-x64', '@tailwindcss/cli'],
  [
    'https://github.com/rustwasm/wasm-bindgen/releases/download/0.2.106/wasm-bindgen-0.2.106-x86_64.tar.gz',
    'wasm-bindgen-cli --locked --version 0.2.106',
  ],
  ['https://github.com/WebAssembly/binaryen/releases/download/version_123/binaryen.tar.gz', 'binaryen'],
])('names what it could not download, and how to have it otherwise: %s', (url, help) => {
  const error = givenUp('exited with code 1', 3, [
    'Cargo finished',
    notReached('https://x.example/1'),
    notReached(url),
    '',
  ]);
  expect(error).toMatchObject({
    code: 'LF050',
    message: 'cargo-leptos exited with code 1, 4 times in a row',
    exitCode: 4,
  });
  expect(error.why).toContain(url);
  expect(error.help?.[0]).toContain(help);
});

it('knows no better way for another download, and still names it', () => {
  const { why, help } = givenUp('exited with code 1', 0, [notReached('https://x.example/tool.zip')]);
  expect(why).toContain('https://x.example/tool.zip');
  expect(help?.[0]).toContain('a way to that server');
});

it('leaves anything else to what cargo-leptos has said, and to the doctor', () => {
  const { why, help } = givenUp('was ended by SIGSEGV', 3, ['Build failed']);
  expect(why).toBe('What it said stands above.');
  expect(help?.join('\n')).toContain('leptos-fast doctor');
});

import type { Look } from './page/wanted.js';

/** A kind of edit, the n-th of which is unlike all before it. */
export interface Kind {
  readonly name: string;
  /** What is edited, for people. */
  readonly what: string;
  readonly file: string;
  /** Finds what the edit replaces. */
  readonly pattern: RegExp;
  replacement(n: number): string;
  look(n: number): Look;
  /** The app sends its form until the new answer is there. */
  readonly sends: boolean;
  /** The wasm becomes another one by it. */
  readonly changesWasm: boolean;
  /** The counter shows this after one click on the new wasm; null where that is not asked. */
  counted(n: number): number | null;
  /** What the server answers after the edit, and where; null where only the page shows it. */
  served(n: number): { readonly path: string; readonly text: string } | null;
  /** Part of `cargo leptos watch --hot-reload`'s affair. */
  readonly isView: boolean;
  /** An edit that is not seen within so many seconds is given up. */
  readonly limit: number;
}

const RUST_LIMIT_S = 60;
const FILE_LIMIT_S = 8;
const HOME = 'src/pages/home.rs';

const noClick = (): null => null;
/** Counters of different edits must not meet by clicking. */
const initialCount = (n: number): number => 1_000 * n;
/** Sizes and colours of which neighbouring edits never have the same. */
const size = (n: number): number => 64 + (n % 400);
const colour = (n: number): string => `rgb(${n % 250}, ${Math.floor(n / 250)}, 99)`;

export const KINDS: readonly Kind[] = [
  {
    name: 'text',
    what: 'text in `view!`: the headline',
    file: HOME,
    pattern: /"Life between the tides[^"]*"/,
    replacement: (n) => `"Life between the tides, take ${n}"`,
    look: (n) => ({ kind: 'text', selector: '#headline', value: `Life between the tides, take ${n}` }),
    served: (n) => ({ path: '', text: `tides, take ${n}<` }),
    sends: false,
    changesWasm: true,
    counted: noClick,
    isView: true,
    limit: RUST_LIMIT_S,
  },
  {
    name: 'attribute',
    what: 'attribute in `view!`: the placeholder of the form’s input',
    file: HOME,
    pattern: /placeholder="[^"]*"/,
    replacement: (n) => `placeholder="Your name, take ${n}"`,
    look: (n) => ({ kind: 'attribute', selector: '#name', name: 'placeholder', value: `Your name, take ${n}` }),
    served: (n) => ({ path: '', text: `Your name, take ${n}"` }),
    sends: false,
    changesWasm: true,
    counted: noClick,
    isView: true,
    limit: RUST_LIMIT_S,
  },
  {
    name: 'class',
    what: 'class in `view!`: of the section around the headline',
    file: HOME,
    pattern: /class="hero[^"]*"/,
    replacement: (n) => `class="hero take-${n}"`,
    look: (n) => ({ kind: 'class', selector: '.hero', value: `take-${n}` }),
    served: (n) => ({ path: '', text: `hero take-${n}"` }),
    sends: false,
    changesWasm: true,
    counted: noClick,
    isView: true,
    limit: RUST_LIMIT_S,
  },
  {
    name: 'CSS',
    what: 'a colour in the stylesheet',
    file: 'style/main.css',
    pattern: /(?<=#headline \{\n {2}color: )rgb\([^)]*\)/,
    replacement: colour,
    look: (n) => ({ kind: 'style', selector: '#headline', property: 'color', value: colour(n) }),
    served: () => null,
    sends: false,
    changesWasm: false,
    counted: noClick,
    isView: false,
    limit: FILE_LIMIT_S,
  },
  {
    name: 'asset',
    what: 'the content of an image',
    file: 'public/shell.svg',
    pattern: /width="\d+" height="\d+"/,
    replacement: (n) => `width="${size(n)}" height="${size(n)}"`,
    look: (n) => ({ kind: 'image', selector: '#brand img', width: size(n) }),
    served: (n) => ({ path: 'shell.svg', text: `width="${size(n)}"` }),
    sends: false,
    changesWasm: false,
    counted: noClick,
    isView: false,
    limit: FILE_LIMIT_S,
  },
  {
    name: 'component code',
    what: 'a signal’s first value',
    file: HOME,
    pattern: /RwSignal::new\(\d+\)/,
    replacement: (n) => `RwSignal::new(${initialCount(n)})`,
    look: (n) => ({ kind: 'text', selector: '#counter', value: String(initialCount(n)) }),
    served: (n) => ({ path: '', text: `>${initialCount(n)}` }),
    sends: false,
    changesWasm: true,
    counted: (n) => initialCount(n) + 1,
    isView: false,
    limit: RUST_LIMIT_S,
  },
  {
    name: 'server function',
    what: 'the body of a `#[server]` function, seen by calling it from the page',
    file: 'src/api.rs',
    pattern: /"Hello[^,]*, \{name\}/,
    replacement: (n) => `"Hello ${n}, {name}`,
    look: (n) => ({ kind: 'text-begin', selector: '#greeting', value: `Hello ${n},` }),
    served: () => null,
    sends: true,
    changesWasm: false,
    counted: noClick,
    isView: false,
    limit: RUST_LIMIT_S,
  },
];

import { DEFAULT_PRESET, PRESET_NAMES } from '../project/preset-names.js';
import { ORDERS } from './order-names.js';
import type { Setting, ValueOf } from './setting.js';
import { names, numberOrSwitch, oneOf, onOff, text, wholeNumber } from './setting-kinds.js';

/** Keeps the row's own types, which the table's readers need. */
const row = <T, const Default>(setting: Setting<T, Default>): Setting<T, Default> => setting;

const off = (key: string, doc: string) => row({ key, kind: onOff, default: true, flag: '', doc });
const on = (key: string, doc: string) => row({ key, kind: onOff, default: false, flag: '', doc });

/**
 * Every setting of `dev`, in the order of `--help`. A new one is a new row here and its use in run-dev.ts; then
 * `npm run build && node bin/dev/settings.mjs` brings schema and docs up to date.
 */
export const DEV_SETTINGS = {
  fast: off('fast', 'profile and environment as plain cargo-leptos; watching and recovery stay'),
  preset: row({
    key: 'preset',
    kind: oneOf(PRESET_NAMES),
    default: undefined,
    flag: 'NAME',
    doc: PRESET_NAMES.map((name) => (name === DEFAULT_PRESET ? `${name} (default)` : name)).join(', '),
    unset: `the profile that Cargo.toml chooses, else ${DEFAULT_PRESET}`,
    code: 'LF020',
  }),
  port: row({
    key: 'port',
    kind: wholeNumber(1, 65_535),
    default: undefined,
    flag: 'N',
    doc: "the app's port, instead of the configured one",
    unset: 'the one of site-addr',
  }),
  project: row({
    key: 'project',
    kind: names,
    default: [],
    flag: 'NAME',
    doc: 'the Leptos project, where a workspace has several; can be given several times',
    unset: 'the one of the folder, or the only one, or all',
  }),
  preload: off(
    'preload',
    'of several projects, build each only when its page is asked for, also while the machine is idle',
  ),
  debounce: row({
    key: 'debounce',
    kind: wholeNumber(0, 60_000),
    default: 300,
    flag: 'MS',
    doc: 'quiet time after which saves count as settled',
  }),
  poll: row({
    key: 'poll',
    kind: numberOrSwitch(20, 60_000, 500),
    default: false,
    flag: 'MS',
    doc: 'look for changes every MS (500): for drives without file events (WSL, Docker, network)',
  }),
  maxRetries: row({
    key: 'max-retries',
    kind: wholeNumber(0, 100),
    default: 3,
    flag: 'N',
    doc: 'how often in a row something that failed by bad luck is tried again',
  }),
  gate: off('gate', 'cargo-leptos calls cargo itself: bursts, quiet saves and retries are then its own affair'),
  proxy: off('proxy', "the app has the site's port itself: requests fail while its server restarts"),
  order: row({
    key: 'order',
    kind: oneOf(ORDERS),
    default: 'auto',
    flag: 'ORDER',
    doc: 'where an edit needs both sides: content (the server first), together, or auto',
  }),
  hotReload: off('hot-reload', 'show edits of `view!` when they are built, not before'),
  linkAssets: on('link-assets', 'link assets into a site root of its own instead of copying them'),
  skip: off('skip', 'build both sides for every edit of a Rust file'),
  skipComments: off('skip-comments', 'build for comments too, so that line numbers in panics are right at once'),
  sccache: on('sccache', 'let sccache keep compiled dependencies, for other checkouts and machines too'),
  cacheMaxSize: row({
    key: 'cache.max-size',
    kind: wholeNumber(0, 1_000_000),
    default: 256,
    flag: null,
    doc: 'so many MB are kept on the disk between two runs; 0 keeps nothing',
  }),
  editor: row({
    key: 'editor',
    kind: text,
    default: undefined,
    flag: null,
    doc: 'command that opens places of errors; `{file}`, `{line}` and `{column}` stand for the place',
    unset: '$VISUAL where that is a window, else VS Code by a link',
  }),
  open: on('open', 'open the page when it is ready'),
  verbose: on('verbose', 'tell also what cargo-leptos says'),
};

type Table = typeof DEV_SETTINGS;
export type DevSettingName = keyof Table;

/** The settings of one run of `dev`. Times in ms. */
export type DevSettings = { readonly [Name in DevSettingName]: ValueOf<Table[Name]> };

/** The table's rows with their names in the code, in order. */
export const DEV_ROWS = Object.entries(DEV_SETTINGS) as readonly (readonly [DevSettingName, Setting])[];

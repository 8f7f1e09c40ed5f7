import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DevCommand } from '../../src/commands/dev.js';
import { DEV_ROWS } from '../../src/config/dev-settings.js';
import type { SettingRows } from '../../src/config/origin.js';
import { flagTable, helpOptions, settingsSchema, settingTable } from '../../src/config/setting-docs.js';
import { oneOf, onOff, wholeNumber } from '../../src/config/setting-kinds.js';
import { REPO } from '../support/dist.js';

const file = (name: string) => readFileSync(join(REPO, name), 'utf8');

/** `npm run build && node bin/dev/settings.mjs` brings all of these up to date. */
describe('what is made from the table of settings is up to date', () => {
  it('the schema for editors', () => {
    expect(JSON.parse(file('templates/leptos-fast.schema.json'))).toEqual(
      JSON.parse(JSON.stringify(settingsSchema(DEV_ROWS))),
    );
  });

  it('the table in docs/configuration.md', () => {
    expect(file('docs/configuration.md')).toContain(`\n\n${settingTable(DEV_ROWS)}\n\n`);
  });

  it('the table in README.md', () => {
    expect(file('README.md')).toContain(`\n\n${flagTable(DevCommand.help.options)}\n\n`);
  });
});

const ROWS: SettingRows = [
  ['gate', { key: 'gate', kind: onOff, default: true, flag: '', doc: 'no `gate`' }],
  ['size', { key: 'cache.max-size', kind: wholeNumber(1, 9), default: 5, flag: 'N', doc: 'the size' }],
  [
    'link',
    { key: 'assets.link', kind: oneOf(['a', 'b']), default: undefined, flag: null, doc: 'links', unset: 'a guess' },
  ],
];

describe('one row', () => {
  it('is one line of --help, unless it has no flag', () => {
    expect(helpOptions(ROWS)).toEqual([
      ['--no-gate', 'no gate'],
      ['--cache-max-size N', 'the size (5)'],
    ]);
  });

  it('is one line of the docs', () => {
    expect(settingTable(ROWS).split('\n').slice(2)).toEqual([
      '| `gate` | `true` | `--no-gate` | `LEPTOS_FAST_GATE` | `false`: no `gate` |',
      '| `cache.max-size` | `5` | `--cache-max-size N` | `LEPTOS_FAST_CACHE_MAX_SIZE` | the size |',
      '| `assets.link` | a guess | none | `LEPTOS_FAST_ASSETS_LINK` | links |',
    ]);
  });

  it('is one property of the schema, in its table', () => {
    expect(settingsSchema(ROWS)).toMatchObject({
      type: 'object',
      additionalProperties: false,
      properties: {
        gate: { type: 'boolean', default: true },
        cache: {
          type: 'object',
          additionalProperties: false,
          properties: { 'max-size': { type: 'integer', minimum: 1, maximum: 9, default: 5, description: 'the size' } },
        },
        assets: { properties: { link: { enum: ['a', 'b'], description: 'links (not set: a guess)' } } },
      },
    });
  });
});

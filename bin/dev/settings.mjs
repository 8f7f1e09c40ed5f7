/**
 * Brings what is made from the table of settings up to date, after `npm run build`: the schema for editors and the tables in
 * README.md and docs/configuration.md.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPO } from './paths.mjs';

const MARKED = /(<!-- made by bin\/dev\/settings\.mjs -->\n\n)[\s\S]*?(\n\n<!-- end -->)/;

const { DEV_ROWS } = await import('../../dist/config/dev-settings.js');
const { flagTable, settingsSchema, settingTable } = await import('../../dist/config/setting-docs.js');
const { DevCommand } = await import('../../dist/commands/dev.js');

writeFileSync(
  join(REPO, 'templates/leptos-fast.schema.json'),
  `${JSON.stringify(settingsSchema(DEV_ROWS), null, 2)}\n`,
);
replaceTable('README.md', flagTable(DevCommand.help.options));
replaceTable('docs/configuration.md', settingTable(DEV_ROWS));

function replaceTable(name, table) {
  const file = join(REPO, name);
  writeFileSync(
    file,
    readFileSync(file, 'utf8').replace(MARKED, (_all, before, after) => before + table + after),
  );
}

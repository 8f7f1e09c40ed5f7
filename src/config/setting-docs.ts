import type { SettingRows } from './origin.js';
import { flagSynopsis, isOnByDefault, type Setting, variableOf } from './setting.js';

/** The options for a command's `--help`: those settings that have a flag. */
export function helpOptions(rows: SettingRows): readonly (readonly [string, string])[] {
  return withFlag(rows).map(([flag, setting]) => {
    const byDefault = typeof setting.default === 'number' ? ` (${setting.default})` : '';
    return [flag, `${setting.doc.replaceAll('`', '')}${byDefault}`];
  });
}

/** The options of a command's `--help` as a table for the README, in Markdown. */
export function flagTable(options: readonly (readonly [string, string])[]): string {
  return table(
    ['flag', ''],
    options.map(([flag, doc]) => [`\`${flag}\``, doc]),
  );
}

/** The table of all settings for docs/configuration.md, in Markdown. */
export function settingTable(rows: SettingRows): string {
  return table(
    ['in the file', 'default', 'flag', 'variable', ''],
    rows.map(([, setting]) => {
      const flag = flagSynopsis(setting);
      return [
        `\`${setting.key}\``,
        setting.unset ?? `\`${JSON.stringify(setting.default)}\``,
        flag === null ? 'none' : `\`${flag}\``,
        `\`${variableOf(setting)}\``,
        describe(setting),
      ];
    }),
  );
}

/** A JSON schema of leptos-fast.toml, for editors: what the file's own reader takes, and nothing else. */
export function settingsSchema(rows: SettingRows): object {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'leptos-fast.toml',
    description: 'Settings of leptos-fast dev; flags and LEPTOS_FAST_* variables go before them.',
    ...objectSchema(rows.map(([, setting]) => [setting.key.split('.'), setting] as const)),
  };
}

type Property = readonly [way: readonly string[], setting: Setting];

/** Keys of one table beside each other; what stands in tables of it becomes objects. */
function objectSchema(properties: readonly Property[]): object {
  const heads = [...new Set(properties.map(([[head = '']]) => head))];
  return {
    type: 'object',
    additionalProperties: false,
    properties: Object.fromEntries(
      heads.map((head) => {
        const under = properties.filter(([[first]]) => first === head);
        const leaf = under.find(([way]) => way.length === 1);
        return [
          head,
          leaf ? valueSchema(leaf[1]) : objectSchema(under.map(([way, setting]) => [way.slice(1), setting])),
        ];
      }),
    ),
  };
}

function valueSchema(setting: Setting): object {
  const { kind, unset } = setting;
  const byDefault = unset === undefined ? { default: setting.default } : {};
  const whenUnset = unset === undefined ? '' : ` (not set: ${unset})`;
  return { description: `${describe(setting)}${whenUnset}`, ...kind.schema, ...byDefault };
}

/** Of a switch that is on by default the line is about turning it off, which must be said where the switch is named. */
function describe(setting: Setting): string {
  return isOnByDefault(setting) ? `\`false\`: ${setting.doc}` : setting.doc;
}

function withFlag(rows: SettingRows): readonly (readonly [string, Setting])[] {
  return rows.flatMap(([, setting]) => {
    const flag = flagSynopsis(setting);
    return flag === null ? [] : [[flag, setting] as const];
  });
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`.replaceAll('|  |', '| |');
  return [line(head), `|${head.map(() => '---|').join('')}`, ...rows.map(line)].join('\n');
}

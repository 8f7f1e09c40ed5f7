import { Option } from 'clipanion';
import type { SettingRows } from './origin.js';
import type { TypedFlags } from './read-flags.js';
import { flagOf, type Setting } from './setting.js';

/**
 * clipanion's options for the settings that have a flag, under names that no command has itself: to be assigned to a new
 * command, which clipanion looks through for its options. Each switch can be typed both ways, `--gate` and `--no-gate`.
 */
export function flagOptions(rows: SettingRows): object {
  return Object.fromEntries(
    rows.filter(([, { flag }]) => flag !== null).map(([, setting]) => [flagOf(setting), optionOf(setting)]),
  );
}

function optionOf(setting: Setting): unknown {
  const flag = flagOf(setting);
  switch (setting.kind.flagForm) {
    case 'switch':
      return Option.Boolean(flag);
    case 'value':
      return Option.String(flag);
    case 'optional-value':
      return Option.String(flag, { tolerateBoolean: true });
    case 'repeated':
      return Option.Array(flag);
  }
}

/** What was typed, from a command that got `flagOptions` and was parsed. */
export function typedFlags(rows: SettingRows, command: object): TypedFlags {
  return Object.fromEntries(rows.map(([name, setting]) => [name, Reflect.get(command, flagOf(setting))]));
}

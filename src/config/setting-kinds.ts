/** A JSON schema of one value, as far as editors need it. */
export type ValueSchema = Readonly<Record<string, unknown>>;

/** How the flag of a setting is typed: `--gate`, `--port N`, `--poll[=MS]`, `--project NAME` again and again. */
export type FlagForm = 'switch' | 'value' | 'optional-value' | 'repeated';

/** What the command line gives for a flag; undefined when it was not typed. */
export type TypedFlag = string | boolean | readonly string[] | undefined;

/** How one kind of setting is read. All three readers return `undefined` for what cannot be meant. */
export interface SettingKind<T> {
  /** What it takes, for people. */
  readonly expected: string;
  readonly schema: ValueSchema;
  readonly flagForm: FlagForm;
  /** All that it can be, where these are few words. */
  readonly choices?: readonly [string, ...string[]];
  fromToml(value: unknown): T | undefined;
  /** An environment variable. */
  fromText(text: string): T | undefined;
  fromFlag(typed: Exclude<TypedFlag, undefined>): T | undefined;
}

/** On or off. */
export const onOff: SettingKind<boolean> = {
  expected: 'true or false',
  schema: { type: 'boolean' },
  flagForm: 'switch',
  fromToml: (value) => (typeof value === 'boolean' ? value : undefined),
  fromText: (text) => ({ true: true, '1': true, false: false, '0': false })[text],
  fromFlag: (typed) => (typeof typed === 'boolean' ? typed : undefined),
};

/** A whole number within limits. */
export function wholeNumber(min: number, max: number): SettingKind<number> {
  const within = (value: unknown) => (isWhole(value) && value >= min && value <= max ? value : undefined);
  const fromText = (text: string) => (/^\d+$/.test(text) ? within(Number(text)) : undefined);
  return {
    expected: `a whole number from ${min} to ${max}`,
    schema: { type: 'integer', minimum: min, maximum: max },
    flagForm: 'value',
    fromToml: within,
    fromText,
    fromFlag: (typed) => (typeof typed === 'string' ? fromText(typed) : undefined),
  };
}

/** Off (false), or a whole number within limits; true, and the flag without a number, stand for `whenOn`. */
export function numberOrSwitch(min: number, max: number, whenOn: number): SettingKind<number | false> {
  const number = wholeNumber(min, max);
  const switched = (on: boolean) => on && whenOn;
  const fromText = (text: string) => {
    const on = onOff.fromText(text);
    return on === undefined ? number.fromText(text) : switched(on);
  };
  return {
    expected: `true, false or ${number.expected}`,
    schema: { anyOf: [onOff.schema, number.schema] },
    flagForm: 'optional-value',
    fromToml: (value) => (typeof value === 'boolean' ? switched(value) : number.fromToml(value)),
    fromText,
    fromFlag: (typed) =>
      typeof typed === 'boolean' ? switched(typed) : typeof typed === 'string' ? number.fromText(typed) : undefined,
  };
}

/** Any text that is not empty. */
export const text: SettingKind<string> = {
  expected: 'a text',
  schema: { type: 'string', minLength: 1 },
  flagForm: 'value',
  fromToml: filledText,
  fromText: filledText,
  fromFlag: filledText,
};

/** One of a few words. */
export function oneOf<const Word extends string>(choices: readonly [Word, ...Word[]]): SettingKind<Word> {
  const find = (value: unknown) => choices.find((choice) => choice === value);
  return {
    expected: `${choices.slice(0, -1).join(', ')} or ${choices.at(-1)}`,
    schema: { enum: choices },
    flagForm: 'value',
    choices,
    fromToml: find,
    fromText: find,
    fromFlag: find,
  };
}

/** One name or several: an array in the file, commas in a variable, the flag as often as wanted. */
export const names: SettingKind<readonly string[]> = {
  expected: 'a name or an array of names',
  schema: { anyOf: [text.schema, { type: 'array', items: text.schema }] },
  flagForm: 'repeated',
  fromToml: (value) => (Array.isArray(value) ? filledTexts(value) : filledTexts([value])),
  fromText: (value) => filledTexts(value.split(',').map((name) => name.trim())),
  fromFlag: (typed) => (Array.isArray(typed) ? filledTexts(typed) : undefined),
};

function filledText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function filledTexts(values: readonly unknown[]): readonly string[] | undefined {
  const texts = values.map(filledText).filter((value) => value !== undefined);
  return texts.length === values.length ? texts : undefined;
}

function isWhole(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value);
}

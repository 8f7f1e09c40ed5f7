import type { Place } from '../core/errors.js';
import type { Setting } from './setting.js';

/** Where the value of a setting comes from. */
export type Origin =
  | { readonly kind: 'default' }
  | { readonly kind: 'file'; readonly place: Place }
  | { readonly kind: 'environment'; readonly variable: string }
  | { readonly kind: 'flag'; readonly flag: string };

/** A value that somebody gave, and where. */
export interface Given {
  readonly value: unknown;
  readonly origin: Exclude<Origin, { kind: 'default' }>;
}

/** Values by the setting's name in the code; of settings that one source says nothing of there is none. */
export type GivenValues = Readonly<Record<string, Given>>;

/** The rows of a table of settings with their names in the code. */
export type SettingRows = readonly (readonly [name: string, setting: Setting])[];

import { realpath } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { DEV_ROWS } from '../config/dev-settings.js';
import type { GivenValues } from '../config/origin.js';
import { readFlags, readVariables, type TypedFlags } from '../config/read-flags.js';
import { type ResolvedSettings, resolveSettings } from '../config/resolve-settings.js';
import { readSettingsFile, SETTINGS_FILE } from '../config/settings-file.js';
import type { LfError } from '../core/errors.js';
import { err, ok, type Result } from '../core/result.js';
import { loadWorkspace, type Workspace } from '../project/model.js';

/** What `dev` was called with. */
export interface DevOptions {
  readonly dir: string;
  readonly appArgs: readonly string[];
  readonly flags: TypedFlags;
  readonly printConfig: boolean;
  readonly json: boolean;
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
  readonly env: NodeJS.ProcessEnv;
}

/** The project as it was found, and how it is to be run. */
export interface Configured extends ResolvedSettings {
  /** Where `dev` was started; canonical. */
  readonly dir: string;
  readonly workspace: Workspace;
  /** Where its settings file is or would be. */
  readonly settingsFile: string;
  /** What the file gave at the start. */
  readonly fromFile: GivenValues;
}

/**
 * Reads the settings of this run. What was typed is checked before the project is looked for. Errors: LF022 and LF020 for
 * flags and variables, LF023 for the file, and those of `loadWorkspace`.
 */
export async function configureDev({
  dir: given,
  flags,
  env,
}: Pick<DevOptions, 'dir' | 'flags' | 'env'>): Promise<Result<Configured, readonly LfError[]>> {
  const [fromFlags, fromVariables] = [readFlags(DEV_ROWS, flags), readVariables(DEV_ROWS, env)];
  if (!fromFlags.ok || !fromVariables.ok) {
    return err([fromFlags, fromVariables].flatMap((read) => (read.ok ? [] : read.error)));
  }
  // cargo-leptos watches and logs canonical paths, so everything is compared in that form.
  const typed = resolve(given);
  const dir = await realpath(typed).catch(() => typed);
  const workspace = await loadWorkspace(dir, { env });
  if (!workspace.ok) return err([workspace.error]);
  const settingsFile = join(workspace.value.root, SETTINGS_FILE);
  const fromFile = await readSettingsFile(DEV_ROWS, settingsFile);
  if (!fromFile.ok) return fromFile;
  const resolved = resolveSettings([fromFlags.value, fromVariables.value, fromFile.value]);
  return ok({ dir, workspace: workspace.value, settingsFile, fromFile: fromFile.value, ...resolved });
}

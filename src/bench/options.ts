import type { LfError } from '../core/errors.js';
import { nearestName } from '../core/nearest-name.js';
import { err, ok, type Result } from '../core/result.js';
import { isPresetName, loadPreset } from '../project/preset.js';
import { isSampleName, SAMPLE_NAMES, type SampleName } from './sample/sizes.js';
import { DEFAULT_SCENARIOS, SCENARIO_NAMES, type ScenarioName } from './scenarios.js';
import { leptosFast, PLAIN, type Tool } from './tools.js';

const MAX_RUNS = 100;
const DEFAULT_SIZES = 'small,large';

/** What `bench` was called with, as typed. */
export interface TypedOptions {
  readonly dir: string | undefined;
  readonly project: string | undefined;
  readonly sizes: string | undefined;
  readonly scenarios: string | undefined;
  readonly presets: string | undefined;
  readonly compare: boolean;
  readonly runs: string;
  readonly baseline: string | undefined;
  readonly failOver: string | undefined;
}

/** The same, checked. */
export interface BenchOptions {
  /** A project of the user's; null: the samples of these sizes. */
  readonly dir: string | null;
  readonly project: string | null;
  readonly sizes: readonly SampleName[];
  readonly scenarios: readonly ScenarioName[];
  readonly tools: readonly Tool[];
  readonly runs: number;
  readonly buildRuns: number;
  readonly baseline: string | null;
  /** How much slower counts, as a share: 0.15 for 15 %. */
  readonly failOver: number | null;
}

/** Reads the options. Errors: LF020 for a preset, LF022 for all else. */
export async function readOptions(typed: TypedOptions): Promise<Result<BenchOptions>> {
  const { dir, project, baseline } = typed;
  if (dir !== undefined && typed.sizes !== undefined) {
    return err(wrong('--sizes goes with the samples, not with a project of your own', ['leptos-fast bench --help']));
  }
  if (dir === undefined && project !== undefined)
    return err(wrong('--project goes with a folder', ['leptos-fast bench DIR']));
  const sizes = names(typed.sizes ?? DEFAULT_SIZES, '--sizes', SAMPLE_NAMES, isSampleName);
  if (!sizes.ok) return sizes;
  const scenarios =
    typed.scenarios === undefined
      ? ok(DEFAULT_SCENARIOS)
      : names(typed.scenarios, '--scenarios', SCENARIO_NAMES, (name) =>
          (SCENARIO_NAMES as readonly string[]).includes(name),
        );
  if (!scenarios.ok) return scenarios;
  const presets = await presetTools(typed.presets);
  if (!presets.ok) return presets;
  const runs = Number(typed.runs);
  if (!/^\d+$/.test(typed.runs) || runs < 1 || runs > MAX_RUNS) {
    return err(
      wrong(`--runs takes a whole number from 1 to ${MAX_RUNS}, not "${typed.runs}"`, ['leptos-fast bench --runs 6']),
    );
  }
  if ((baseline === undefined) !== (typed.failOver === undefined)) {
    return err(
      wrong('--baseline and --fail-over go together', ['leptos-fast bench --baseline main.json --fail-over 15%']),
    );
  }
  const percent = typed.failOver === undefined ? null : /^(\d+(?:\.\d+)?)\s*%?$/.exec(typed.failOver);
  if (typed.failOver !== undefined && !percent) {
    return err(wrong(`--fail-over takes a share such as 15%, not "${typed.failOver}"`, ['leptos-fast bench --help']));
  }
  return ok({
    dir: dir ?? null,
    project: project ?? null,
    sizes: sizes.value,
    // In their own order, each once.
    scenarios: SCENARIO_NAMES.filter((name) => scenarios.value.includes(name)),
    tools: [...(typed.compare ? [PLAIN] : []), ...presets.value],
    runs,
    // A build from nothing takes minutes: it is done again only for those who ask for it.
    buildRuns: typed.scenarios === undefined ? 1 : runs,
    baseline: baseline ?? null,
    failOver: percent ? Number(percent[1]) / 100 : null,
  });
}

async function presetTools(typed: string | undefined): Promise<Result<readonly Tool[]>> {
  if (typed === undefined) return ok([leptosFast(null)]);
  const presets = [...new Set(split(typed))];
  for (const preset of presets) {
    if (isPresetName(preset)) continue;
    const loaded = await loadPreset(preset);
    if (!loaded.ok) return loaded;
  }
  return presets.length > 0
    ? ok(presets.map(leptosFast))
    : err(wrong('--presets names none', ['leptos-fast bench --help']));
}

function names<Name extends string>(
  typed: string,
  option: string,
  known: readonly Name[],
  isKnown: (name: string) => boolean,
): Result<readonly Name[]> {
  const wanted = [...new Set(split(typed))];
  const unknown = wanted.find((name) => !isKnown(name));
  const [first, ...rest] = known;
  if (unknown !== undefined && first !== undefined) {
    return err(
      wrong(`${option}: there is no "${unknown}"`, [
        `did you mean ${nearestName([first, ...rest], unknown)}?`,
        `there are ${known.join(', ')}`,
      ]),
    );
  }
  return wanted.length > 0
    ? ok(wanted as Name[])
    : err(wrong(`${option} names none`, [`there are ${known.join(', ')}`]));
}

function split(typed: string): string[] {
  return typed
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
}

function wrong(message: string, help: readonly string[]): LfError {
  return { code: 'LF022', message, help, exitCode: 2 };
}

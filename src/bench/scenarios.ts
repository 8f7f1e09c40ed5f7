/** What `bench` can measure, in the order in which it is shown. */
export const SCENARIOS = [
  { name: 'cold', what: 'cold build, dependencies and all' },
  { name: 'app-build', what: "build of the app's own crates, dependencies there" },
  { name: 'warm-start', what: 'start with nothing to build' },
  { name: 'leaf', what: 'edit a component of one page' },
  { name: 'shared', what: 'edit a component of all pages' },
  { name: 'server-fn', what: 'edit the body of a server function' },
  { name: 'text', what: 'edit a text in view!' },
  { name: 'css', what: 'edit the stylesheet' },
  { name: 'asset', what: 'edit an asset' },
  { name: 'comment', what: 'edit a comment' },
  { name: 'no-op', what: 'save without a change' },
  { name: 'burst', what: 'ten saves in a second' },
  { name: 'syntax-error', what: 'save what does not parse' },
  { name: 'manifest', what: 'edit Cargo.toml' },
] as const;

export type ScenarioName = (typeof SCENARIOS)[number]['name'];

export const SCENARIO_NAMES: readonly ScenarioName[] = SCENARIOS.map(({ name }) => name);

/** Whether it is measured unless asked for by name: a full cold build takes minutes each time. */
export const DEFAULT_SCENARIOS: readonly ScenarioName[] = SCENARIO_NAMES.filter((name) => name !== 'cold');

/** What is measured, from the save (for a start from the command) until a person sees it. */
export const METRICS = {
  page: 'first page',
  content: 'new content',
  wasm: 'new wasm',
  rest: 'at rest again',
  diagnostics: 'error shown',
  mended: 'mended',
  painted: 'painted',
} as const;

export type Metric = keyof typeof METRICS;

/** For people: `edit a component of one page`. */
export function describeScenario(name: ScenarioName): string {
  return SCENARIOS.find((scenario) => scenario.name === name)?.what ?? name;
}

import { type Edit, replaceOnce, type Sign, type Step } from '../edits.js';
import type { ScenarioName } from '../scenarios.js';
import { marker } from './parts-source.js';
import type { SampleProject } from './sample-project.js';

const BURST = 10;

/** All edits, of samples of every size: each text stands where the generator has put it. */
export function sampleEdits({ appFolder }: Pick<SampleProject, 'appFolder'>): readonly Edit[] {
  const rust = (scenario: ScenarioName, file: string, what: string, { hasWasm = true, saves = 1 } = {}): Edit => {
    return { scenario, file: appFolder + file, saves, steps: [markerStep(what, hasWasm)] };
  };
  const leaf = `${appFolder}src/pages/leaf.rs`;
  return [
    rust('leaf', 'src/pages/leaf.rs', 'leaf'),
    rust('shared', 'src/components/badge.rs', 'shared'),
    rust('server-fn', 'src/api.rs', 'server', { hasWasm: false }),
    rust('text', 'src/pages/home.rs', 'text'),
    {
      scenario: 'css',
      file: 'style/main.css',
      saves: 1,
      steps: [{ ...markerStep('style', false), sign: (n) => ({ kind: 'style', text: marker('style', n) }) }],
    },
    {
      scenario: 'asset',
      file: 'public/bench.txt',
      saves: 1,
      steps: [
        {
          ...markerStep('asset', false),
          sign: (n) => ({ kind: 'content', path: 'bench.txt', text: marker('asset', n) }),
        },
      ],
    },
    { scenario: 'comment', file: leaf, saves: 1, steps: [commentStep] },
    { scenario: 'no-op', file: leaf, saves: 1, steps: [noChangeStep] },
    rust('burst', 'src/pages/leaf.rs', 'leaf', { saves: BURST }),
    { scenario: 'syntax-error', file: leaf, saves: 1, steps: [brokenStep(leaf), mendedStep(markerStep('leaf', true))] },
    rust('manifest', 'Cargo.toml', 'manifest'),
  ];
}

/** Another number in one of the marked texts, to be seen on the first page. */
function markerStep(what: string, hasWasm: boolean): Step {
  return {
    metric: 'content',
    change: (text, n) => replaceOnce(text, new RegExp(`${what} edit \\d+\\.`), marker(what, n)),
    sign: (n): Sign => ({ kind: 'content', path: '', text: marker(what, n) }),
    wasmText: (n) => (hasWasm ? marker(what, n) : null),
  };
}

/** A comment at the end of the file. */
export const commentStep: Step = {
  metric: 'rest',
  change: (text, n) => `${withoutBench(text)}// leptos-fast bench ${n}\n`,
  sign: () => ({ kind: 'rest' }),
  wasmText: () => null,
};

/** The same bytes again. */
export const noChangeStep: Step = {
  metric: 'rest',
  change: (text) => text,
  sign: () => ({ kind: 'rest' }),
  wasmText: () => null,
};

/** A function without an end. */
export function brokenStep(file: string): Step {
  return {
    metric: 'diagnostics',
    change: (text, n) => `${withoutBench(text)}fn leptos_fast_bench_${n}( {\n`,
    sign: () => ({ kind: 'diagnostics', file }),
    wasmText: () => null,
  };
}

/** What `brokenStep` has done is undone by a save that shows something new. */
export function mendedStep(step: Step): Step {
  return { ...step, metric: 'mended', change: (text, n) => step.change(withoutBench(text), n) };
}

/** The text without the line that an earlier edit has added. */
function withoutBench(text: string): string {
  const kept = text.replace(/^(\/\/ leptos-fast bench|fn leptos_fast_bench_)[^\n]*\n/gm, '');
  return kept.endsWith('\n') || kept === '' ? kept : `${kept}\n`;
}

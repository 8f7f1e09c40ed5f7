import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CargoStatus } from '../../build/cargo-messages.js';
import { NO_METER } from '../../build/process-meter.js';
import type { Clock } from '../../core/clock.js';
import { type CargoOutcome, startCargo } from '../../gate/cargo-run.js';
import type { CargoRequest } from '../../gate/protocol.js';
import { startBindgen } from '../../tune/start-bindgen.js';
import { gzipSize } from '../gzip-size.js';
import { readWasm } from '../wasm-sections.js';
import { releaseCall } from './release-call.js';
import type { Measured } from './sizes-report.js';
import { VARIANTS, type Variant } from './variants.js';

/** How much of a failed build's words is told, in lines. */
const WORDS = 4;

export interface MeasureOptions {
  /** cargo-leptos's call for the front in development. */
  readonly call: CargoRequest;
  /** The release profile of the wasm. */
  readonly profile: string;
  /** The wasm-bindgen that cargo-leptos takes; null where none is on PATH. */
  readonly bindgen: string | null;
  readonly outputName: string;
  /** A folder of ours for all that is built; removed by the caller. */
  readonly scratch: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** A variant is begun, the `index`th (from 1) of `count`. */
  readonly onVariant: (variant: Variant, index: number, count: number) => void;
  readonly onStatus: (status: CargoStatus) => void;
  readonly onMeasured: (measured: Measured) => void;
}

/** Builds the wasm as a release with one variant after the other. Ends early, with what there is, when the signal fires. */
export async function measureSizes(options: MeasureOptions): Promise<readonly Measured[]> {
  const measured: Measured[] = [];
  for (const [index, variant] of VARIANTS.entries()) {
    if (options.signal.aborted) break;
    options.onVariant(variant, index + 1, VARIANTS.length);
    const one = await measureOne(variant, options);
    if (one === null) break;
    measured.push(one);
    options.onMeasured(one);
  }
  return measured;
}

/** Null when it was cut off. */
async function measureOne(variant: Variant, options: MeasureOptions): Promise<Measured | null> {
  const { call, profile, scratch, clock, signal, onStatus, bindgen } = options;
  const startedAt = clock.now();
  const run = startCargo({
    shimFolder: '',
    request: releaseCall(call, { profile, entries: variant.entries, targetDir: join(scratch, 'target') }),
    extraArgs: [],
    onStatus,
    clock,
    meter: NO_METER,
  });
  const stop = (): void => void run.stop();
  signal.addEventListener('abort', stop);
  const outcome = await run.finished;
  signal.removeEventListener('abort', stop);
  const buildMs = clock.now() - startedAt;
  if (signal.aborted) return null;
  if (!outcome.ok || outcome.artifact === null) return { variant, failed: wordsOf(outcome) };
  const bound = bindgen === null ? outcome.artifact : await bind(bindgen, outcome.artifact, options);
  if (signal.aborted) return null;
  if (bound === null) return { variant, failed: 'wasm-bindgen refused it: leptos-fast doctor' };
  const bytes = await readFile(bound);
  const wasm = readWasm(bytes);
  if (typeof wasm === 'string') return { variant, failed: `the wasm cannot be read: ${wasm}` };
  const [gzipBytes, bareGzipBytes] = await Promise.all([gzipSize(bytes), gzipSize(wasm.stripped)]);
  return {
    variant,
    bytes: bytes.length,
    gzipBytes,
    bareBytes: wasm.stripped.length,
    bareGzipBytes,
    buildMs,
  };
}

/** Returns the file that pages load, null when wasm-bindgen fails. */
async function bind(
  program: string,
  wasm: string,
  { outputName, scratch, call, signal }: MeasureOptions,
): Promise<string | null> {
  const folder = join(scratch, 'pkg');
  await mkdir(folder, { recursive: true });
  const run = startBindgen({ program, wasm, outputName, folder, env: call.env });
  const stop = (): void => void run.stop();
  signal.addEventListener('abort', stop);
  const { code } = await run.finished;
  signal.removeEventListener('abort', stop);
  return code === 0 ? join(folder, `${outputName}_bg.wasm`) : null;
}

function wordsOf({ diagnostics, output }: CargoOutcome): string {
  const error = diagnostics.find(({ level }) => level === 'error');
  return error?.message ?? output.trim().split('\n').slice(-WORDS).join(' ');
}

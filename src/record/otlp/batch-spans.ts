import { randomBytes } from 'node:crypto';
import type { BuildRecord, Phase } from '../build-record.js';
import { kindOf } from '../edit-kind.js';

/** A value as OTLP's JSON has it (opentelemetry-proto, common.proto): 64-bit integers are texts. */
type Value =
  | { readonly stringValue: string }
  | { readonly intValue: string }
  | { readonly arrayValue: { readonly values: readonly Value[] } };

interface Attribute {
  readonly key: string;
  readonly value: Value;
}

/** A span as OTLP's JSON has it (opentelemetry-proto, trace.proto): ids in hex, enums as numbers, times in ns since the epoch. */
export interface OtlpSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly Attribute[];
  readonly events?: readonly { readonly name: string; readonly timeUnixNano: string }[];
  readonly status?: { readonly code: number; readonly message?: string };
}

/** SPAN_KIND_INTERNAL and STATUS_CODE_ERROR. */
const INTERNAL = 1;
const ERROR = 2;

/** One batch as a tree: the save, below it each phase of its way, and last the page that loads it. The first span is the root. */
export function batchSpans(build: BuildRecord): readonly OtlpSpan[] {
  const traceId = randomBytes(16).toString('hex');
  const root = randomBytes(8).toString('hex');
  const { at, phases, contentMs, paintedMs } = build;
  const end = Math.max(0, contentMs ?? 0, paintedMs ?? 0, ...phases.map(({ to }) => to));
  const span = (name: string, from: number, to: number) => ({
    traceId,
    name,
    kind: INTERNAL,
    startTimeUnixNano: nanos(at + from),
    endTimeUnixNano: nanos(at + Math.max(from, to)),
  });
  const below = (phase: Pick<Phase, 'from' | 'to'>, name: string, facts: Facts): OtlpSpan => ({
    ...span(name, phase.from, phase.to),
    spanId: randomBytes(8).toString('hex'),
    parentSpanId: root,
    attributes: attributes(facts),
  });
  const page =
    contentMs === undefined || paintedMs === undefined || paintedMs < contentMs
      ? []
      : [below({ from: contentMs, to: paintedMs }, 'page', {})];
  return [
    {
      ...span('save', 0, end),
      spanId: root,
      attributes: attributes(factsOf(build)),
      events: milestones(build),
      ...(build.result === 'failed' && { status: { code: ERROR, message: failureOf(build) } }),
    },
    ...phases.map((phase) => below(phase, phase.name, phaseFacts(build, phase))),
    ...page,
  ];
}

type Facts = Readonly<Record<string, string | number | readonly string[] | undefined>>;

function factsOf(build: BuildRecord): Facts {
  const { files, git, versions, usage, wasm } = build;
  return {
    'leptos_fast.session': build.session,
    'leptos_fast.batch': build.id,
    'leptos_fast.project': build.project,
    'leptos_fast.kind': kindOf(build),
    'leptos_fast.result': build.result,
    'leptos_fast.mode': build.mode,
    'leptos_fast.why': build.why,
    'leptos_fast.files': files.first,
    'leptos_fast.files.count': files.count,
    'leptos_fast.reload': build.reload,
    'leptos_fast.recoveries': build.recoveries,
    'leptos_fast.errors': build.errors?.codes,
    'leptos_fast.cpu_ms': usage && Math.round(usage.cpuMs),
    'leptos_fast.peak_memory_bytes': usage?.peakMemory,
    'leptos_fast.waited_for_lock_ms': build.waitedMs,
    'leptos_fast.wasm_bytes': wasm?.served,
    'vcs.ref.head.revision': git?.commit,
    'vcs.ref.head.name': git?.branch,
    'leptos_fast.cargo_leptos': versions.cargoLeptos,
    'leptos_fast.rustc': versions.rustc,
  };
}

function phaseFacts({ sides, steps = [] }: BuildRecord, { name }: Phase): Facts {
  if (name !== 'front' && name !== 'server') return {};
  const own = steps.filter(({ side }) => side === name);
  return {
    'leptos_fast.result': sides[name]?.result,
    'leptos_fast.steps': own.map(({ kind, name: of, ms }) => `${kind} ${of} ${ms} ms`),
  };
}

function milestones({ at, contentMs, patchedMs, paintedMs }: BuildRecord): NonNullable<OtlpSpan['events']> {
  const moments = [
    ['patch painted', patchedMs],
    ['on the page', contentMs],
    ['page painted', paintedMs],
  ] as const;
  return moments.flatMap(([name, ms]) => (ms === undefined ? [] : [{ name, timeUnixNano: nanos(at + ms) }]));
}

function failureOf({ errors }: BuildRecord): string {
  if (!errors) return 'the server ended before it answered';
  return `${errors.count === 1 ? 'an error' : `${errors.count} errors`}${errors.codes.length > 0 ? `: ${errors.codes.join(', ')}` : ''}`;
}

/** Attributes for what is known. */
export function attributes(facts: Facts): readonly Attribute[] {
  return Object.entries(facts).flatMap(([key, value]) => {
    if (value === undefined || (typeof value === 'object' && value.length === 0)) return [];
    return { key, value: toValue(value) };
  });
}

function toValue(value: string | number | readonly string[]): Value {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'number') return { intValue: String(Math.round(value)) };
  return { arrayValue: { values: value.map((stringValue) => ({ stringValue })) } };
}

/** ns since the epoch, which are more than a number holds exactly. */
const nanos = (ms: number): string => String(BigInt(Math.round(ms * 1_000)) * 1_000n);

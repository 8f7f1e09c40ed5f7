import { SIDES } from '../core/events.js';
import { type HistoryLine, type PhaseName, RECORD_VERSION } from './build-record.js';

/** What a line of the history is. */
export type ReadLine =
  | { readonly kind: 'line'; readonly line: HistoryLine }
  /** Written by another version of leptos-fast. */
  | { readonly kind: 'other-version' }
  /** Torn, or not ours. */
  | { readonly kind: 'unreadable' };

const KNOWN_SIDES: ReadonlySet<string> = new Set(SIDES);
const PHASES: ReadonlySet<unknown> = new Set<PhaseName>([
  'settle',
  'front',
  'wasm-bindgen',
  'style',
  'assets',
  'server',
  'boot',
]);

/** The beginning of a line of ours, up to the time. */
const BEGINNINGS = (['build', 'incident'] as const).map((type) => `{"v":${RECORD_VERSION},"type":"${type}","at":`);

/** True when a line says at its beginning, as ours do, that it is older than `since` (ms since the epoch); no more of it is read. */
export function isOlder(text: string, since: number): boolean {
  const beginning = since > 0 ? BEGINNINGS.find((known) => text.startsWith(known)) : undefined;
  if (beginning === undefined) return false;
  const at = Number(text.slice(beginning.length, text.indexOf(',', beginning.length)));
  return at < since;
}

/** Reads one line. Checks as much as a reader of the history relies on, since anybody can write into the folder. */
export function readLine(text: string): ReadLine {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { kind: 'unreadable' };
  }
  if (!isObject(value) || typeof value.v !== 'number') return { kind: 'unreadable' };
  if (value.v !== RECORD_VERSION) return { kind: 'other-version' };
  return isHistoryLine(value) ? { kind: 'line', line: value } : { kind: 'unreadable' };
}

type Fields = Readonly<Record<string, unknown>>;

function isHistoryLine(value: Fields): value is Fields & HistoryLine {
  if (!isTime(value.at) || typeof value.session !== 'string') return false;
  if (value.type === 'incident') return isIncident(value);
  return value.type === 'build' && isBuild(value);
}

function isIncident({ kind, why, batch }: Fields): boolean {
  return typeof kind === 'string' && typeof why === 'string' && (batch === null || isTime(batch));
}

function isBuild(value: Fields): boolean {
  const { id, files, why, project, mode, sides, phases, result, versions, errors, git, compiled } = value;
  return (
    isTime(id) &&
    isTime(value.peakRss) &&
    typeof why === 'string' &&
    typeof project === 'string' &&
    typeof mode === 'string' &&
    isListed(files) &&
    (compiled === undefined || isListed(compiled)) &&
    isObject(sides) &&
    Object.entries(sides).every(([side, value]) => KNOWN_SIDES.has(side) && isSide(value)) &&
    Array.isArray(phases) &&
    phases.every(isPhase) &&
    (result === 'arrived' || result === 'failed' || result === 'superseded' || result === 'unfinished') &&
    isObject(versions) &&
    isText(versions.leptosFast, versions.cargoLeptos, versions.rustc) &&
    (errors === undefined || (isObject(errors) && isTime(errors.count) && isTexts(errors.codes))) &&
    (git === undefined || (isObject(git) && isText(git.commit) && (git.branch === undefined || isText(git.branch)))) &&
    isDuration(value.contentMs) &&
    isDuration(value.interactiveMs) &&
    isDuration(value.waitedMs) &&
    (value.cache === undefined || isCacheUse(value.cache)) &&
    (value.usage === undefined || isUsage(value.usage)) &&
    (value.wasm === undefined || isWasmSize(value.wasm)) &&
    (value.steps === undefined || (Array.isArray(value.steps) && value.steps.every(isStep))) &&
    isDuration(value.patchedMs) &&
    isDuration(value.paintedMs)
  );
}

function isSide(value: unknown): boolean {
  if (!isObject(value)) return false;
  if (value.result === 'skipped') return typeof value.reason === 'string';
  if (value.result === 'waiting') return true;
  return (value.result === 'built' || value.result === 'failed' || value.result === 'stopped') && isTime(value.ms);
}

function isPhase(value: unknown): boolean {
  return isObject(value) && PHASES.has(value.name) && Number.isFinite(value.from) && Number.isFinite(value.to);
}

function isUsage(value: unknown): boolean {
  return isObject(value) && isTime(value.cpuMs) && isDuration(value.peakMemory);
}

function isWasmSize(value: unknown): boolean {
  return isObject(value) && [value.served, value.built, value.debugInfo, value.names].every(isDuration);
}

function isCacheUse(value: unknown): boolean {
  return isObject(value) && isTime(value.hits) && isTime(value.misses) && isTime(value.savedMs);
}

function isStep(value: unknown): boolean {
  if (!isObject(value) || typeof value.name !== 'string' || !isTime(value.ms)) return false;
  const isKnown = value.kind === 'compile' || value.kind === 'link' || value.kind === 'build script';
  const isToolFit = value.tool === undefined || typeof value.tool === 'string';
  return isKnown && isToolFit && (value.side === 'front' || value.side === 'server');
}

function isListed(value: unknown): boolean {
  return isObject(value) && isTime(value.count) && isTexts(value.first);
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((part) => typeof part === 'string');
}

function isText(...values: readonly unknown[]): boolean {
  return values.every((value) => typeof value === 'string');
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

function isDuration(value: unknown): boolean {
  return value === undefined || isTime(value);
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

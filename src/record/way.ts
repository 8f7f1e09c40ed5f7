import type { BuildRecord, Phase, PhaseName } from './build-record.js';

/** What people call the phases of a save's way to the page. */
export const PHASE_NAMES: Readonly<Record<PhaseName, string>> = {
  settle: 'saves settle',
  front: 'cargo, front',
  server: 'cargo, server',
  'wasm-bindgen': 'wasm-bindgen',
  style: 'style',
  assets: 'assets',
  boot: 'server boots',
};

/** A moment on the way, in ms since the save. */
export interface Milestone {
  readonly name: string;
  readonly ms: number;
}

type Times = { readonly [Name in 'patchedMs' | 'contentMs' | 'paintedMs']: BuildRecord[Name] | null };

/** The moments that are known of a batch. */
export function milestones({ patchedMs, contentMs, paintedMs }: Times): readonly Milestone[] {
  const moments: readonly (readonly [string, number | null | undefined])[] = [
    ['patch painted', patchedMs],
    ['on the page', contentMs],
    ['page painted', paintedMs],
  ];
  return moments.flatMap(([name, ms]) => (ms === null || ms === undefined ? [] : [{ name, ms }]));
}

/** The length (ms) of the scale on which a way is drawn. */
export function wayEnd(phases: readonly Phase[], moments: readonly Milestone[]): number {
  return Math.max(1, ...phases.map(({ to }) => to), ...moments.map(({ ms }) => ms));
}

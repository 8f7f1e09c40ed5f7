import { quantile } from './statistics.js';

/** Dots above this quantile, and this much more, are drawn at the top. */
const TOP_QUANTILE = 0.98;
const HEADROOM = 1.15;
/** The top (ms) of an axis on which nearly all of the values have their place; the others are drawn at it. */
export function topOf(values: readonly number[]): number {
  return niceCeiling((quantile(values, TOP_QUANTILE) ?? 1) * HEADROOM);
}

/** A figure at the axis: `2.5 s`, `1.5 min`. */
export function tickText(ms: number): string {
  return ms >= 60_000 ? `${Number((ms / 60_000).toFixed(2))} min` : `${Number((ms / 1_000).toFixed(3))} s`;
}

/** The next figure whose half people read at a glance, in seconds or, above one, in minutes. */
function niceCeiling(ms: number): number {
  const unit = ms > 60_000 ? 60_000 : 1_000;
  const power = 10 ** Math.floor(Math.log10(Math.max(ms, 1) / unit));
  return ([1, 2, 4, 5, 6, 8].find((factor) => factor * power * unit >= ms) ?? 10) * power * unit;
}

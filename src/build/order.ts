import type { ORDERS } from '../config/order-names.js';
import { compareVersions } from '../doctor/versions.js';

/** In which order an edit that needs both sides comes to the page: see docs/order.md. */
export type Order = 'content' | 'together';

/** The first version of which it was read that it leaves a wasm alone that has not changed (compile/front.rs). */
const FIRST_THAT_LEAVES_WASM = '0.3.11';

/** What the order depends on. */
export interface OrderFacts {
  /** cargo-leptos's builds go through the gate. */
  readonly gate: boolean;
  readonly proxy: boolean;
  /** The names of the wasm and its JavaScript change with their content. */
  readonly hashFiles: boolean;
  /** cargo-leptos's version. */
  readonly cargoLeptos: string;
}

/** The order, and why it is not the one that was asked for, if so. */
export interface ChosenOrder {
  readonly order: Order;
  readonly notice?: string;
}

/** The order that is meant by a value of the setting `order`. */
export function chooseOrder(wanted: (typeof ORDERS)[number], facts: OrderFacts): ChosenOrder {
  if (wanted !== 'content') return { order: 'together' };
  const why = whyNotContent(facts);
  return why === null ? { order: 'content' } : { order: 'together', notice: `--order content has no effect: ${why}` };
}

function whyNotContent({ gate, proxy, hashFiles, cargoLeptos }: OrderFacts): string | null {
  if (!gate) return 'it needs the gate';
  if (!proxy) return 'only the proxy can keep the wasm of before from the new page';
  if (hashFiles) return 'with hash-files the new page would name the files of the wasm of before';
  if (compareVersions(cargoLeptos, FIRST_THAT_LEAVES_WASM) >= 0) return null;
  return `cargo-leptos ${cargoLeptos} would make the wasm of before ready once more (from ${FIRST_THAT_LEAVES_WASM} on it does not)`;
}

import { arch, cpus, loadavg, release, totalmem, type } from 'node:os';
import { ownVersion } from '../core/version.js';
import type { ToolVersions } from '../doctor/machine.js';
import type { MachineFacts } from './results.js';

/** The machine before anything is measured. */
export function machineFacts(): MachineFacts {
  const processors = cpus();
  return {
    processors: processors.length,
    processor: processors[0]?.model.trim() || 'unknown processor',
    memoryBytes: Math.min(totalmem(), process.constrainedMemory() || totalmem()),
    system: `${type()} ${release()} ${arch()}`,
    loadAtStart: loadavg(),
    loadAtEnd: loadavg(),
  };
}

/** The versions of all that the figures depend on. `locked`: the crates of the project's Cargo.lock. */
export function versionsOf(
  tools: ToolVersions,
  locked: ReadonlyMap<string, readonly string[]>,
): Readonly<Record<string, string>> {
  const leptos = locked.get('leptos')?.join(', ');
  return {
    'leptos-fast': ownVersion(),
    'cargo-leptos': tools.cargoLeptos,
    rustc: tools.rustc,
    cargo: tools.cargo,
    ...(tools.wasmBindgen !== undefined && { 'wasm-bindgen': tools.wasmBindgen }),
    ...(leptos !== undefined && { leptos }),
    node: process.versions.node,
  };
}

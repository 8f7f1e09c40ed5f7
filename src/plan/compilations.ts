import type { Compilation } from './cfg.js';
import type { SideContext } from './side-view.js';

/** The macro behind `#[server]`; whether it drops bodies is decided by its feature `ssr`. */
const SERVER_MACRO = 'server_fn_macro';
/** Its versions whose source was read: 0.8.12, `ServerFnCall::to_tokens` and `ServerFnBody`. */
const KNOWN_SERVER_MACRO = /^registry\+.*[#@]0\.8\.\d+$/;

/**
 * How a side's build compiled its packages, from the `compiler-artifact` messages of `cargo build --message-format=json`
 * (doc.rust-lang.org/cargo/reference/external-tools.html), which name each package's features, for crates that were
 * fresh too.
 */
export class SideCompilations {
  readonly #packages = new Map<string, Compilation[]>();
  readonly #serverMacros: { readonly isKnown: boolean; readonly hasSsr: boolean }[] = [];

  /** Takes one line of cargo's stdout; what is not about an artifact is passed over. */
  read(line: string): void {
    if (!line.startsWith('{"reason":"compiler-artifact"')) return;
    // Hundreds of lines are about crates of a registry: of those only one counts.
    if (!line.includes('"package_id":"path+') && !line.includes(SERVER_MACRO)) return;
    const message: unknown = parseJson(line);
    const packageId = field(message, 'package_id');
    const target = field(message, 'target');
    if (typeof packageId !== 'string') return;
    const features = new Set(strings(field(message, 'features')));
    if (field(target, 'name') === SERVER_MACRO) {
      this.#serverMacros.push({ isKnown: KNOWN_SERVER_MACRO.test(packageId), hasSsr: features.has('ssr') });
    }
    // Build scripts are programs of their own: what they are compiled from is part of the configuration.
    if (!packageId.startsWith('path+') || strings(field(target, 'kind')).includes('custom-build')) return;
    const isWasm = strings(field(message, 'filenames')).some((file) => /[\\/]wasm32-unknown-unknown[\\/]/.test(file));
    const known = this.#packages.get(packageId);
    if (known) known.push({ features, isWasm });
    else this.#packages.set(packageId, [{ features, isWasm }]);
  }

  /** What is known of a package's files; nothing where no message named it. */
  contextOf(packageId: string | null): SideContext {
    return {
      compilations: packageId === null ? [] : (this.#packages.get(packageId) ?? []),
      dropsServerBodies:
        this.#serverMacros.length > 0 && this.#serverMacros.every(({ isKnown, hasSsr }) => isKnown && !hasSsr),
    };
  }
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

import { chmod, mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { KEPT } from '../cache/kept-bindgen.js';
import { quote } from '../core/shell.js';

export interface BindgenShimOptions {
  /** Folder to write the shim to; in front of cargo-leptos's PATH (absolute). */
  readonly folder: string;
  /** Where what wasm-bindgen made is kept; see KeptBindgen. */
  readonly kept: string;
  /** The real wasm-bindgen (absolute). */
  readonly program: string;
}

/**
 * Writes the command that cargo-leptos finds in wasm-bindgen's place (`Exe::get` in ext/exe.rs looks on PATH first): asked for the same
 * once more, for the very same bytes, it copies what was made of them, and otherwise runs wasm-bindgen. It notes each call, so that
 * what comes of it can be kept. All of it is sh: a node for each edit would cost more than it brings.
 */
export async function writeBindgenShim({ folder, kept, program }: BindgenShimOptions): Promise<void> {
  const { size, mtimeMs } = await stat(program);
  const script = `#!/bin/sh
# Written by leptos-fast: what wasm-bindgen made of the same wasm is taken as it is; all else goes to wasm-bindgen.
kept=${quote(kept)}
program=${quote(program)}
out=
for arg do
  case $arg in
    --out-dir=*) out=\${arg#--out-dir=} ;;
  esac
  input=$arg
done
if [ -n "$out" ] && [ -d "$kept" ]; then
  { echo ${size}-${mtimeMs}; pwd; printf '%s\\n' "$@"; } >"$kept/${KEPT.call}" 2>/dev/null
  entry=$kept/$(cat "$kept/${KEPT.current}" 2>/dev/null)
  if [ -f "$entry/${KEPT.call}" ] && [ "$entry/${KEPT.call}" -nt "$program" ] &&
    cmp -s "$kept/${KEPT.call}" "$entry/${KEPT.call}" && cmp -s "$input" "$entry/${KEPT.input}" &&
    mkdir -p "$out" && cp -R "$entry/${KEPT.output}/." "$out/" 2>/dev/null; then
    : >"$kept/${KEPT.taken}"
    exit 0
  fi
fi
exec "$program" "$@"
`;
  await mkdir(folder, { recursive: true });
  // Where it cannot be made, nothing is kept.
  await mkdir(kept, { recursive: true }).catch(() => undefined);
  const path = join(folder, 'wasm-bindgen');
  await writeFile(path, script);
  await chmod(path, 0o755);
}

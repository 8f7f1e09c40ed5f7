import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { quote } from '../core/shell.js';

export interface ShimOptions {
  /** Folder to write the shim to; put in front of cargo-leptos's PATH (absolute). */
  readonly folder: string;
  readonly socketPath: string;
  /** The command that cargo-leptos calls: `cargo`. */
  readonly name: string;
  /** What is run in the end (absolute). */
  readonly program: string;
}

/**
 * Writes the command that cargo-leptos finds in cargo's place: `build` and `metadata` go to the gate, every other subcommand straight
 * to the real cargo, without node, in a few ms. Unix only: on Windows `Command::new("cargo")` finds only cargo.exe.
 */
export async function writeShim({ folder, socketPath, name, program }: ShimOptions): Promise<void> {
  const client = fileURLToPath(new URL('./shim-client.js', import.meta.url));
  const script = `#!/bin/sh
# Written by leptos-fast: hands cargo-leptos's builds to the running leptos-fast, or to cargo when that is gone.
case " $1 $2 " in
  *" build "* | *" metadata "*)
    if [ -S ${quote(socketPath)} ] && [ -x ${quote(process.execPath)} ] && [ -f ${quote(client)} ]; then
      exec ${quote(process.execPath)} ${quote(client)} ${quote(socketPath)} ${quote(program)} "$@"
    fi
    ;;
esac
exec ${quote(program)} "$@"
`;
  await mkdir(folder, { recursive: true });
  const path = join(folder, name);
  await writeFile(path, script);
  await chmod(path, 0o755);
}

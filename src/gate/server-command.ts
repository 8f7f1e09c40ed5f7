import { findExecutable } from '../doctor/find-executable.js';

/** Who builds the server: cargo, another command that a shim can stand in for, or one that is out of reach. */
export type ServerCommand =
  | { readonly kind: 'cargo' }
  | { readonly kind: 'other'; readonly name: string; readonly program: string }
  | { readonly kind: 'out-of-reach'; readonly command: string };

/**
 * Reads `bin-cargo-command` (cargo-leptos 0.3.11, compile/server.rs: split as a shell would, the first word is run): a
 * command that is found on PATH gets a shim like cargo's; one that is given with its path cannot.
 */
export async function findServerCommand(
  configured: string | undefined,
  env: NodeJS.ProcessEnv,
): Promise<ServerCommand> {
  const [name = 'cargo'] = (configured ?? '')
    .trim()
    .split(/\s+/)
    .filter((word) => word !== '');
  if (name === 'cargo') return { kind: 'cargo' };
  const program = /[\\/]/.test(name) ? undefined : await findExecutable(name, env);
  return program === undefined ? { kind: 'out-of-reach', command: name } : { kind: 'other', name, program };
}

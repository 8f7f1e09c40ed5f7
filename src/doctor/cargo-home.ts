import { homedir } from 'node:os';
import { join } from 'node:path';

/** cargo's home: `CARGO_HOME`, or `.cargo` in the user's home (https://doc.rust-lang.org/cargo/guide/cargo-home.html). */
export function cargoHome(env: NodeJS.ProcessEnv): string {
  return env.CARGO_HOME || join(home(env), '.cargo');
}

/** rustup's home: `RUSTUP_HOME`, or `.rustup` in the user's home (https://rust-lang.github.io/rustup/environment-variables.html). */
export function rustupHome(env: NodeJS.ProcessEnv): string {
  return env.RUSTUP_HOME || join(home(env), '.rustup');
}

/** The user's home: where commands run that are no business of the project's. */
export function home(env: NodeJS.ProcessEnv): string {
  return env.HOME || env.USERPROFILE || homedir();
}

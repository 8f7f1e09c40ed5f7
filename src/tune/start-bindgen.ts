import { spawn } from 'node:child_process';
import { endGroup } from '../build/process-group.js';

export interface BindgenCall {
  readonly program: string;
  readonly wasm: string;
  readonly outputName: string;
  /** Where it writes, absolute; must be there. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
}

/** A running wasm-bindgen, in a process group of its own. */
export interface BindgenRun {
  /** Its exit code (127 when it cannot be started) and what it said. */
  readonly finished: Promise<{ readonly code: number; readonly words: string }>;
  stop(): Promise<void>;
}

/** Starts it as cargo-leptos 0.3.11 does (compile/front.rs, `bindgen`). */
export function startBindgen({ program, wasm, outputName, folder, env }: BindgenCall): BindgenRun {
  const args = ['--target=web', `--out-name=${outputName}`, `--out-dir=${folder}`, wasm];
  const child = spawn(program, args, { env, stdio: ['ignore', 'ignore', 'pipe'], detached: true });
  let words = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    words += chunk;
  });
  const finished = new Promise<{ code: number; words: string }>((resolve) => {
    child.on('error', (error) => resolve({ code: 127, words: words + error.message }));
    child.on('close', (code) => resolve({ code: code ?? 1, words }));
  });
  return { finished, stop: () => endGroup(child) };
}

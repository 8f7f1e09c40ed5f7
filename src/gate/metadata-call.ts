import { spawn } from 'node:child_process';
import { withoutShim } from './cargo-run.js';
import type { GateCall } from './gate-server.js';
import { type MetadataRewrite, rewriteMetadata } from './rewrite-metadata.js';

/** Answers a `cargo metadata` of cargo-leptos with that of the real cargo, rewritten. `rewrite` is called when it is there. */
export function answerMetadata(call: GateCall, shimFolder: string, rewrite: () => MetadataRewrite): void {
  const { program, args, cwd, env } = call.request;
  const child = spawn(program, [...args], {
    cwd,
    env: withoutShim(env, shimFolder),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const out: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => call.reply({ kind: 'stderr', data: chunk.toString('base64') }));
  child.on('error', () => call.reply({ kind: 'decline' }));
  child.on('close', (code) => {
    const text = rewriteMetadata(Buffer.concat(out).toString('utf8'), rewrite());
    call.reply({ kind: 'stdout', data: Buffer.from(text).toString('base64') });
    call.reply({ kind: 'exit', code: code ?? 1 });
  });
}

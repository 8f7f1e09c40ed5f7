import { spawn } from 'node:child_process';
import type { MetadataAnswer, MetadataCache, MetadataCall } from '../cache/metadata-cache.js';
import { withoutShim } from './cargo-run.js';
import type { GateCall } from './gate-server.js';
import { type MetadataRewrite, rewriteMetadata } from './rewrite-metadata.js';

export interface MetadataCallOptions {
  readonly shimFolder: string;
  /** Null where nothing is kept. */
  readonly cache: MetadataCache | null;
  /** Called when cargo's answer is there. */
  readonly rewrite: () => MetadataRewrite;
}

/** Answers a `cargo metadata` of cargo-leptos with that of the real cargo, kept or new, rewritten. */
export async function answerMetadata(
  call: GateCall,
  { shimFolder, cache, rewrite }: MetadataCallOptions,
): Promise<void> {
  const { program, args, cwd } = call.request;
  const asked = { program, args, cwd, env: withoutShim(call.request.env, shimFolder) };
  try {
    // What cargo says goes on at once: it may wait for a lock, or download.
    const tell = (chunk: Buffer): void => call.reply({ kind: 'stderr', data: chunk.toString('base64') });
    const run = (): Promise<MetadataAnswer> => runMetadata(asked, tell);
    const { code, stdout } = cache ? await cache.answer(asked, run) : await run();
    call.reply({ kind: 'stdout', data: Buffer.from(rewriteMetadata(stdout, rewrite())).toString('base64') });
    call.reply({ kind: 'exit', code });
  } catch {
    call.reply({ kind: 'decline' });
  }
}

/** Rejects when cargo cannot be started. */
function runMetadata(
  { program, args, cwd, env }: MetadataCall,
  tell: (chunk: Buffer) => void,
): Promise<MetadataAnswer> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, [...args], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const out: Buffer[] = [];
    let isSilent = true;
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => {
      isSilent = false;
      tell(chunk);
    });
    child.on('error', reject);
    child.on('close', (code) => {
      resolve({ code: code ?? 1, stdout: Buffer.concat(out).toString(), isSilent });
    });
  });
}

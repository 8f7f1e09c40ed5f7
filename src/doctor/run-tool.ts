import { execa } from 'execa';

/** A tool that doesn't answer in this time is not waited for. */
const DEFAULT_TIMEOUT_MS = 10_000;

export interface ToolRun {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** In milliseconds. */
  readonly timeoutMs?: number;
}

export type ToolAnswer =
  | { readonly kind: 'answered'; readonly stdout: string }
  /** It could not be started, or ended with something else than 0. */
  | { readonly kind: 'failed'; readonly why: string }
  | { readonly kind: 'silent'; readonly why: string };

/** Runs a tool for a short answer, such as its version, without a terminal. Never throws for what the tool does. */
export async function askTool(path: string, args: readonly string[], run: ToolRun): Promise<ToolAnswer> {
  const timeout = run.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const result = await execa(path, args, {
    cwd: run.cwd,
    env: run.env,
    extendEnv: false,
    stdin: 'ignore',
    reject: false,
    timeout,
    killSignal: 'SIGKILL',
  });
  if (result.timedOut) return { kind: 'silent', why: `${path} gave no answer in ${timeout / 1000} s` };
  if (!result.failed) return { kind: 'answered', stdout: result.stdout };
  const [said = ''] = result.stderr.trim().split('\n');
  return { kind: 'failed', why: said || (result.originalMessage ?? result.shortMessage ?? '') };
}

/** The first thing that looks like a version in `rustc 1.95.0 (59807616e 2026-04-14)` and its like: `1.95.0`. */
export function versionIn(answer: string): string | undefined {
  return /\b\d+\.\d+\.\d+[\w.+-]*/.exec(answer)?.[0];
}

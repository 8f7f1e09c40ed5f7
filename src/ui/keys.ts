import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { ReadStream } from 'node:tty';
import kleur from 'kleur';

/** What a key does; the text stands in the help that `h` shows. */
export interface KeyAction {
  readonly key: string;
  readonly text: string;
  readonly run: () => void;
}

export interface KeysOptions {
  readonly stdin: ReadStream;
  readonly actions: readonly KeyAction[];
  readonly print: (text: string) => void;
  /** Sends a signal to this process, as the terminal does on Ctrl-C and Ctrl-Z while it reads whole lines. */
  readonly raise: (signal: NodeJS.Signals) => void;
}

/** The bytes that a terminal sends where it would otherwise have sent a signal. */
const SIGNALS: Readonly<Record<string, NodeJS.Signals>> = { '\x03': 'SIGINT', '\x1a': 'SIGTSTP', '\x1c': 'SIGQUIT' };

/** Listens for single keys. The returned function gives the terminal back. */
export function listenForKeys({ stdin, actions, print, raise }: KeysOptions): () => void {
  let isListening = false;
  const onData = (chunk: Buffer): void => {
    for (const key of chunk.toString()) press(key);
  };
  const press = (key: string): void => {
    const signal = SIGNALS[key];
    if (signal) {
      // The shell, and whoever runs next in this terminal, get it as it was.
      if (signal !== 'SIGINT') release();
      raise(signal);
    } else if (key === 'h' || key === '?') print(helpText(actions));
    else actions.find((action) => action.key === key)?.run();
  };
  const listen = (): void => {
    // In the background the system would stop us for touching the terminal.
    if (isListening || !isInForeground()) return;
    isListening = true;
    stdin.setRawMode(true);
    stdin.on('data', onData);
    stdin.resume();
  };
  const release = (): void => {
    if (!isListening) return;
    isListening = false;
    stdin.off('data', onData);
    stdin.pause();
    stdin.setRawMode(false);
  };
  process.on('SIGCONT', listen);
  // A way out that nobody foresaw must not leave a terminal that does not echo.
  process.once('exit', release);
  listen();
  return () => {
    process.off('SIGCONT', listen);
    process.off('exit', release);
    release();
  };
}

function helpText(actions: readonly KeyAction[]): string {
  const lines = [...actions, { key: 'h', text: 'show this help' }].map(
    ({ key, text }) => `  ${kleur.bold(key)}  ${kleur.dim(text)}`,
  );
  return `\n${lines.join('\n')}\n`;
}

/** True when this process belongs to the job that has the terminal. */
function isInForeground(): boolean {
  try {
    const [group, foreground] = process.platform === 'linux' ? groupsFromProc() : groupsFromPs();
    return group !== undefined && group === foreground;
  } catch {
    return false;
  }
}

/** proc(5): pgrp is field 5, tpgid 8; the command in parentheses may hold spaces. */
function groupsFromProc(): readonly (string | undefined)[] {
  const stat = readFileSync('/proc/self/stat', 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return [fields[2], fields[5]];
}

function groupsFromPs(): readonly (string | undefined)[] {
  const found = execFileSync('ps', ['-o', 'pgid=,tpgid=', '-p', String(process.pid)], { encoding: 'utf8' });
  return found.trim().split(/\s+/);
}

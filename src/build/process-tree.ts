import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { uptime } from 'node:os';
import { promisify } from 'node:util';

/** A process as the system lists it. `startedAt` tells it from another one that got the same pid later. */
export interface ProcessInfo {
  readonly pid: number;
  readonly parent: number;
  readonly startedAt: string;
  readonly command: string;
}

/** Lists all processes: from /proc on Linux, from `ps` elsewhere; empty where neither is there. */
export async function listProcesses(): Promise<readonly ProcessInfo[]> {
  return process.platform === 'linux' ? fromProc() : fromPs();
}

/** All processes below `pid`, nearest first. */
export async function descendantsOf(pid: number): Promise<readonly ProcessInfo[]> {
  const all = await listProcesses();
  const found: ProcessInfo[] = [];
  let parents = new Set([pid]);
  while (parents.size > 0) {
    const children = all.filter((candidate) => parents.has(candidate.parent));
    found.push(...children);
    parents = new Set(children.map((child) => child.pid));
  }
  return found;
}

/** The process of that id, if it runs; a zombie does not. */
export async function findProcess(pid: number): Promise<ProcessInfo | null> {
  if (process.platform === 'linux') return readStat(String(pid));
  return (await fromPs()).find((candidate) => candidate.pid === pid) ?? null;
}

/**
 * When the process was started, in ms since the epoch, rounded up so that nothing that was answered before counts as
 * answered by it. Null where the system tells it in whole seconds only.
 */
export function startTime({ startedAt }: ProcessInfo): number | null {
  if (process.platform !== 'linux') return null;
  // proc(5): in clock ticks since boot, of which a second has a hundred (USER_HZ).
  const sinceBoot = (Number(startedAt) + 1) * 10;
  return Math.ceil(Date.now() - uptime() * 1_000 + sinceBoot);
}

/** Processes whose environment has this entry (`NAME=value`), by /proc; none on systems that do not show other environments. */
export async function processesWith(entry: string): Promise<readonly ProcessInfo[]> {
  const names = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    names.map(async (name) => {
      const environment = await readFile(`/proc/${name}/environ`, 'utf8').catch(() => '');
      return environment.split('\0').includes(entry) ? readStat(name) : null;
    }),
  );
  return found.filter((info) => info !== null);
}

/** True while exactly this process, not a later one of the same pid, runs. */
export async function isSameProcessAlive(wanted: ProcessInfo): Promise<boolean> {
  return (await findProcess(wanted.pid))?.startedAt === wanted.startedAt;
}

async function fromProc(): Promise<readonly ProcessInfo[]> {
  const names = await readdir('/proc').catch(() => []);
  const found = await Promise.all(names.filter((name) => /^\d+$/.test(name)).map(readStat));
  return found.filter((info) => info !== null);
}

async function readStat(pid: string): Promise<ProcessInfo | null> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  if (text === null) return null;
  const { command, fields } = parseStat(text);
  // proc(5): state is field 3, ppid 4, starttime 22. A zombie is dead for our purposes.
  if (fields[0] === 'Z' || fields[0] === 'X') return null;
  return { pid: Number(pid), parent: Number(fields[1]), startedAt: fields[19] ?? '', command };
}

/**
 * Takes a `/proc/PID/stat` apart. The command stands in parentheses and may hold spaces and parentheses itself; the fields follow the
 * last one, so that the first of them, state, is number 3 of proc(5).
 */
export function parseStat(text: string): { readonly command: string; readonly fields: readonly string[] } {
  const close = text.lastIndexOf(')');
  return { command: text.slice(text.indexOf('(') + 1, close), fields: text.slice(close + 2).split(' ') };
}

async function fromPs(): Promise<readonly ProcessInfo[]> {
  const run = promisify(execFile);
  const { stdout } = await run('ps', ['-A', '-o', 'pid=,ppid=,lstart=,comm=']).catch(() => ({ stdout: '' }));
  return stdout.split('\n').flatMap((line) => {
    const match = /^\s*(\d+)\s+(\d+)\s+(\w+ \w+\s+\d+ [\d:]+ \d+)\s+(.*)$/.exec(line);
    if (!match) return [];
    return [{ pid: Number(match[1]), parent: Number(match[2]), startedAt: match[3] ?? '', command: match[4] ?? '' }];
  });
}

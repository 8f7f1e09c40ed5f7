import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';

/** A process as /proc shows it. `startedAt` tells it from a later one with the same pid. */
export interface Process {
  readonly pid: number;
  readonly startedAt: string;
  /** Processor time it has used itself, in ms. */
  readonly cpuMs: number;
  readonly args: readonly string[];
  /** File name of the program; empty for one that may not be read. */
  readonly program: string;
}

/** The variable that every process of a run inherits. */
export const MARKER = 'LF_SCENARIO';

/** Clock ticks of /proc/PID/stat: 100 a second on every Linux that Node runs on. */
const MS_PER_TICK = 10;

/** All living processes whose environment has this marker. */
export function markedProcesses(marker: string): Process[] {
  return allPids().flatMap((pid) => {
    const isMarked = environmentOf(pid).includes(`${MARKER}=${marker}`);
    const process = isMarked ? readProcess(pid) : null;
    return process ? [process] : [];
  });
}

/** Markers of all processes that have one: also those that an earlier, killed run of the suite left behind. */
export function presentMarkers(): ReadonlySet<string> {
  const start = `${MARKER}=`;
  const entries = allPids().flatMap((pid) => environmentOf(pid).filter((entry) => entry.startsWith(start)));
  return new Set(entries.map((entry) => entry.slice(start.length)));
}

/** One process, or null when it is gone or a zombie. */
export function readProcess(pid: number): Process | null {
  const stat = read(`/proc/${pid}/stat`);
  // proc(5): the name in parentheses may hold anything; state is field 3, utime 14, stime 15, starttime 22.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (stat === '' || fields[0] === 'Z' || fields[0] === 'X') return null;
  return {
    pid,
    startedAt: fields[19] ?? '',
    cpuMs: (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK,
    args: read(`/proc/${pid}/cmdline`).split('\0').slice(0, -1),
    program: programOf(pid),
  };
}

/** True while exactly this process runs. */
export function isAlive(process: Pick<Process, 'pid' | 'startedAt'>): boolean {
  return readProcess(process.pid)?.startedAt === process.startedAt;
}

/** Sends a signal to exactly this process; one that is gone is left alone. */
export function signal(target: Pick<Process, 'pid' | 'startedAt'>, name: NodeJS.Signals): void {
  if (!isAlive(target)) return;
  try {
    process.kill(target.pid, name);
  } catch {
    // It ended in between.
  }
}

/** Resident memory in MiB. */
export function residentMiB(pid: number): number {
  const match = /^VmRSS:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/status`));
  return match ? Number(match[1]) / 1024 : 0;
}

/** For people: what still runs. */
export function describe(processes: readonly Process[]): string {
  return processes.map(({ pid, program, args }) => `${program || basename(args[0] ?? '?')} (${pid})`).join(', ');
}

function allPids(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

function environmentOf(pid: number): string[] {
  return read(`/proc/${pid}/environ`).split('\0');
}

function programOf(pid: number): string {
  try {
    // A program whose file was replaced meanwhile is shown as "NAME (deleted)".
    return basename(readlinkSync(`/proc/${pid}/exe`).replace(/ \(deleted\)$/, ''));
  } catch {
    return '';
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { descendantsOf, parseStat } from '../build/process-tree.js';

/** A process of a tool's tree at one moment. */
export interface UsedProcess {
  readonly pid: number;
  /** Tells it from a later one with the same pid. */
  readonly startedAt: string;
  readonly program: string;
}

/** What a tree of processes has used. Null where the system does not tell. */
export interface Usage {
  readonly processes: readonly UsedProcess[];
  /** Processor time so far, of those that have ended too. */
  readonly cpuSeconds: number | null;
  /** Resident memory; pages that processes share count in each. */
  readonly residentBytes: number | null;
}

/** Clock ticks of /proc/PID/stat: USER_HZ is 100 on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

interface Stat extends UsedProcess {
  readonly parent: number;
  readonly ticks: number;
  readonly pages: number;
}

/** Looks at a process and all below it: through /proc on Linux, through `ps`, without figures, elsewhere. */
export async function usageOf(root: number): Promise<Usage> {
  if (process.platform !== 'linux') {
    const below = await descendantsOf(root);
    const processes = below.map(({ pid, startedAt, command }) => ({ pid, startedAt, program: basename(command) }));
    return { processes, cpuSeconds: null, residentBytes: null };
  }
  const tree = treeOf(root, readStats());
  const size = pageSize();
  return {
    processes: tree,
    cpuSeconds: sum(tree.map(({ ticks }) => ticks)) / TICKS_PER_SECOND,
    residentBytes: size === null ? null : sum(tree.map(({ pages }) => pages)) * size,
  };
}

function treeOf(root: number, all: readonly Stat[]): Stat[] {
  const children = new Map<number, Stat[]>();
  for (const stat of all) children.set(stat.parent, [...(children.get(stat.parent) ?? []), stat]);
  const found = all.filter(({ pid }) => pid === root);
  for (const stat of found) found.push(...(children.get(stat.pid) ?? []));
  return found;
}

/** All at once and synchronously: a tree that is read while it changes has holes. */
function readStats(): Stat[] {
  return readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? (readStat(Number(name)) ?? []) : []));
}

function readStat(pid: number): Stat | null {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return null;
  }
  const { command, fields } = parseStat(text);
  // proc(5): state is field 3, ppid 4, utime to cstime 14 to 17, starttime 22, rss 24.
  if (fields[0] === 'Z' || fields[0] === 'X') return null;
  return {
    pid,
    parent: Number(fields[1]),
    startedAt: fields[19] ?? '',
    program: command,
    // A child that has ended is counted by the parent that waited for it.
    ticks: sum(fields.slice(11, 15).map(Number)),
    pages: Number(fields[21]),
  };
}

let knownPageSize: number | null | undefined;

function pageSize(): number | null {
  if (knownPageSize === undefined) {
    try {
      knownPageSize = Number(execFileSync('getconf', ['PAGESIZE'], { encoding: 'utf8' })) || null;
    } catch {
      knownPageSize = null;
    }
  }
  return knownPageSize;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

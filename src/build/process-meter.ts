import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { Clock } from '../core/clock.js';
import type { BuildStep, ProcessUsage } from '../core/events.js';
import { parseStat } from './process-tree.js';

/** How often (ms) running builds are looked at. */
const EVERY_MS = 250;
/** A second of /proc's times has so many clock ticks (USER_HZ, proc(5)). */
const MS_PER_TICK = 10;
/** Shorter steps are seen by chance alone. */
const MIN_STEP_MS = EVERY_MS;
/** So many steps of a build are told, the longest. */
const MAX_STEPS = 12;

/** What rustc and the C compiler start as a linker, by the names of the commands. */
const LINKERS = new Set([
  'ld',
  'ld.bfd',
  'ld.gold',
  'ld.lld',
  'ld64.lld',
  'lld',
  'mold',
  'ld.mold',
  'wild',
  'rust-lld',
  'wasm-ld',
]);

/** What a build that was measured cost. */
export interface Metered {
  /** Null where the system does not tell. */
  readonly usage: ProcessUsage | null;
  /** The longest first. */
  readonly steps: readonly BuildStep[];
}

/** The measuring of one build. */
export interface Measurement {
  /** cargo says that a crate is compiled. */
  compiled(crate: string): void;
  /** To be called at once when the system has told of the process's end. */
  end(): Metered;
}

/** Measures processes and all below them. */
export interface ProcessMeter {
  /** @param pid of a child of this process that leads a process group of its own. */
  watch(pid: number): Measurement;
}

/** For builds of which the cost does not count: looking at their processes would take some of it. */
export const NO_METER: ProcessMeter = {
  watch: () => ({ compiled: () => undefined, end: () => ({ usage: null, steps: [] }) }),
};

interface Process {
  readonly pid: number;
  readonly parent: number;
  /** In ms since boot. */
  readonly startedAt: number;
  readonly command: readonly string[];
}

interface Step {
  readonly name: string;
  readonly kind: BuildStep['kind'];
  /** In ms since boot, like `to`. */
  readonly from: number;
  to: number;
  /** It has ended: `to` is the end, not when it was last seen. */
  ended: boolean;
  tool?: string;
}

/** What is known of one build that runs. */
class Watched implements Measurement {
  readonly root: number;
  readonly processes = new Map<number, Process>();
  readonly steps = new Map<number, Step>();
  readonly #end: (watched: Watched) => Metered;
  peakMemory = 0;

  constructor(root: number, end: (watched: Watched) => Metered) {
    this.root = root;
    this.#end = end;
  }

  compiled(crate: string): void {
    const name = crate.replaceAll('-', '_');
    const now = sinceBoot();
    for (const step of this.steps.values()) {
      if (step.kind !== 'compile' || step.name !== name || step.ended || now === null) continue;
      step.to = now;
      step.ended = true;
    }
  }

  end(): Metered {
    return this.#end(this);
  }
}

/**
 * Looks at /proc four times a second while a build runs: memory of cargo and all below it, and which rustc, build script and linker ran
 * since when. CPU time needs no looking: when a child has ended, the system adds its time and that of all that it has waited for to
 * `cutime` and `cstime` of this process (proc(5)). Another child of ours that ends within the same look is counted with it.
 */
export class ProcProcessMeter implements ProcessMeter {
  readonly #clock: Clock;
  readonly #watched = new Set<Watched>();
  /** Processes that are no part of a build, so that each is read once. */
  #foreign = new Set<number>();
  #childTimes = 0;
  #cancel: () => void = () => undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  watch(pid: number): Measurement {
    const watched = new Watched(pid, (ending) => this.#end(ending));
    if (this.#watched.size === 0) this.#childTimes = childTimes() ?? 0;
    this.#watched.add(watched);
    if (this.#watched.size === 1) this.#lookLater();
    return watched;
  }

  #end(watched: Watched): Metered {
    this.#watched.delete(watched);
    if (this.#watched.size === 0) this.#cancel();
    const times = childTimes();
    const cpuMs = times === null ? null : times - this.#childTimes;
    this.#childTimes = times ?? 0;
    const { peakMemory } = watched;
    const usage = cpuMs === null ? null : { cpuMs, ...(peakMemory > 0 && { peakMemory }) };
    return { usage, steps: toSteps([...watched.steps.values()]) };
  }

  #lookLater(): void {
    this.#cancel = this.#clock.after(EVERY_MS, () => {
      this.#look();
      this.#lookLater();
    });
  }

  #look(): void {
    this.#childTimes = childTimes() ?? 0;
    const now = sinceBoot();
    if (now === null) return;
    const pids = listPids();
    this.#foreign = new Set(pids.filter((pid) => this.#foreign.has(pid)));
    for (const pid of pids) if (!this.#foreign.has(pid)) this.#assign(pid);
    let memory = 0;
    for (const watched of this.#watched) memory += lookAt(watched, now);
    // Builds that run at the same time share the machine: each has the peak of all of them together.
    for (const watched of this.#watched) watched.peakMemory = Math.max(watched.peakMemory, memory);
  }

  #assign(pid: number): void {
    const known = [...this.#watched].some(({ processes }) => processes.has(pid));
    if (known) return;
    const stat = readStat(pid);
    const watched = [...this.#watched].find(
      ({ root, processes }) => stat && (stat.group === root || stat.parent === root || processes.has(stat.parent)),
    );
    if (stat && watched) watched.processes.set(pid, { pid, ...stat, command: readCommand(pid) });
    else this.#foreign.add(pid);
  }
}

/** Takes note of the steps that run; returns the memory (bytes) of all its processes. */
function lookAt(watched: Watched, now: number): number {
  let memory = 0;
  for (const process of watched.processes.values()) {
    const own = memoryOf(process.pid);
    if (own === null) {
      watched.processes.delete(process.pid);
      continue;
    }
    memory += own;
    const known = watched.steps.get(process.pid);
    if (known) {
      if (!known.ended) known.to = now;
      continue;
    }
    const step = stepOf(process, watched);
    if (step) watched.steps.set(process.pid, { ...step, from: process.startedAt, to: now, ended: false });
  }
  return memory;
}

function stepOf(process: Process, watched: Watched): Pick<Step, 'name' | 'kind' | 'tool'> | null {
  const { command, parent } = process;
  const [program = ''] = command;
  // rustc's own processes below a wrapper such as sccache, and the linkers below the C compiler, are the same step.
  const above = watched.steps.get(parent);
  const script = /[\\/]build[\\/]([^\\/]+)-[0-9a-f]{16}[\\/]build-script-[^\\/]+$/.exec(program)?.[1];
  if (script !== undefined) return { kind: 'build script', name: script };
  const crate = command[command.indexOf('--crate-name') + 1];
  if (command.includes('--crate-name') && crate !== undefined && crate !== '___') {
    return above?.kind === 'compile' ? null : { kind: 'compile', name: compiledName(crate, command) };
  }
  const tool = basename(program);
  if (!LINKERS.has(tool)) return null;
  const compile = compileAbove(process, watched);
  return compile ? { kind: 'link', name: compile.name, tool } : null;
}

/** All build scripts are crates of one name: their folder tells whose they are. */
function compiledName(crate: string, command: readonly string[]): string {
  if (!crate.startsWith('build_script_')) return crate;
  const folder = command[command.indexOf('--out-dir') + 1] ?? '';
  const owner = /[\\/]build[\\/]([^\\/]+)-[0-9a-f]{16}$/.exec(folder)?.[1];
  return owner === undefined ? crate : `${owner} build.rs`;
}

function compileAbove({ parent }: Process, watched: Watched): Step | null {
  let pid = parent;
  for (;;) {
    const step = watched.steps.get(pid);
    if (step) return step.kind === 'compile' ? step : null;
    const above = watched.processes.get(pid);
    if (!above) return null;
    pid = above.parent;
  }
}

function toSteps(steps: readonly Step[]): readonly BuildStep[] {
  return steps
    .map(({ name, kind, from, to, tool }) => ({
      name,
      kind,
      ms: Math.round(to - from),
      ...(tool !== undefined && { tool }),
    }))
    .filter(({ ms }) => ms >= MIN_STEP_MS)
    .sort((a, b) => b.ms - a.ms)
    .slice(0, MAX_STEPS);
}

/** CPU time (ms) of all children of this process that have ended. */
function childTimes(): number | null {
  const fields = statFields('self');
  return fields && (Number(fields[13]) + Number(fields[14])) * MS_PER_TICK;
}

function sinceBoot(): number | null {
  const text = read('/proc/uptime');
  return text === null ? null : Number.parseFloat(text) * 1_000;
}

function listPids(): readonly number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}

function readStat(pid: number): { readonly parent: number; readonly group: number; readonly startedAt: number } | null {
  const fields = statFields(String(pid));
  if (!fields) return null;
  return { parent: Number(fields[1]), group: Number(fields[2]), startedAt: Number(fields[19]) * MS_PER_TICK };
}

function statFields(pid: string): readonly string[] | null {
  const text = read(`/proc/${pid}/stat`);
  return text === null ? null : parseStat(text).fields;
}

function readCommand(pid: number): readonly string[] {
  return read(`/proc/${pid}/cmdline`)?.split('\0') ?? [];
}

/** Memory of its own (bytes), without the code that processes share; null when it has ended. */
function memoryOf(pid: number): number | null {
  const kilobytes = /^RssAnon:\s*(\d+) kB$/m.exec(read(`/proc/${pid}/status`) ?? '')?.[1];
  return kilobytes === undefined ? null : Number(kilobytes) * 1_024;
}

/** These files are made by the kernel when they are read: that takes microseconds and waits for nothing. */
function read(path: string): string | null {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return null;
  }
}

import { type UsedProcess, usageOf } from './process-usage.js';

/** So often (ms) the tool's processes are looked at: each look reads all of /proc. */
const LOOK_EVERY_MS = 200;

/** Programs that only run while something is being made. */
const AT_WORK = new Set([
  'cargo',
  'rustc',
  'build-script-bu',
  'wasm-bindgen',
  'wasm-opt',
  'rust-lld',
  'wasm-ld',
  'ld',
  'ld.lld',
  'lld',
  'mold',
  'cc',
  'clang',
  'collect2',
  'sass',
  'tailwindcss',
]);

/** Watches a tool's processes: what they use, and when they were at work last. */
export class TreeWatch {
  readonly #root: number;
  #timer: NodeJS.Timeout | null = null;
  #stopped = false;
  #present = '';
  #cpuAtMark = 0;
  /** In ms since the epoch. */
  activeAt = Date.now();
  processes: readonly UsedProcess[] = [];
  cpuSeconds: number | null = null;
  peakBytes: number | null = null;

  constructor(root: number) {
    this.#root = root;
  }

  /** Begins to look; the first look is done when it resolves. */
  async start(): Promise<void> {
    await this.look();
    const again = (): void => {
      this.#timer = setTimeout(() => {
        void this.look().then(() => {
          if (!this.#stopped) again();
        });
      }, LOOK_EVERY_MS);
    };
    again();
  }

  stop(): void {
    this.#stopped = true;
    if (this.#timer) clearTimeout(this.#timer);
  }

  /** From now on another edit is measured. */
  async mark(): Promise<void> {
    this.peakBytes = null;
    await this.look();
    this.#cpuAtMark = this.cpuSeconds ?? 0;
  }

  /** Processor seconds since the mark. */
  get cpuSinceMark(): number | null {
    return this.cpuSeconds === null ? null : Math.max(0, this.cpuSeconds - this.#cpuAtMark);
  }

  async look(): Promise<void> {
    const { processes, cpuSeconds, residentBytes } = await usageOf(this.#root);
    if (this.#stopped) return;
    const present = processes.map(({ pid, startedAt }) => `${pid}@${startedAt}`).join(' ');
    if (present !== this.#present || processes.some(({ program }) => AT_WORK.has(program))) this.activeAt = Date.now();
    this.#present = present;
    this.processes = processes;
    this.cpuSeconds = cpuSeconds;
    if (residentBytes !== null) this.peakBytes = Math.max(this.peakBytes ?? 0, residentBytes);
  }
}

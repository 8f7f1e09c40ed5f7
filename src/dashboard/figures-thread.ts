import { Worker } from 'node:worker_threads';
import type { Clock } from '../core/clock.js';
import type { AdviceFacts } from '../record/advice/facts.js';
import type { FiguresAnswer, FiguresQuestion, FiguresSource } from './figures-source.js';

/** So long (ms) after the last question the thread, and what it has read, is let go. */
const IDLE_MS = 60_000;

const SCRIPT = new URL('./figures-worker.js', import.meta.url);

const CLOSED = 'the dashboard was closed';

/** What the thread is started for. */
export interface WorkerTask {
  readonly folder: string;
  readonly facts: AdviceFacts | null;
}

type Settle = (answer: FiguresAnswer) => void;

/** The figures of a history, read and computed in a thread that there is only while somebody asks. */
export class FiguresThread implements FiguresSource {
  readonly #folder: string;
  readonly #clock: Clock;
  readonly #gatherFacts: () => Promise<AdviceFacts>;
  readonly #open = new Map<number, Settle>();
  #worker: Worker | null = null;
  /** What is known besides the history; for as long as there is a thread. */
  #facts: Promise<AdviceFacts | null> | null = null;
  #isClosed = false;
  #asked = 0;
  #cancelIdle: () => void = () => undefined;

  constructor(folder: string, clock: Clock, gatherFacts: () => Promise<AdviceFacts>) {
    this.#folder = folder;
    this.#clock = clock;
    this.#gatherFacts = gatherFacts;
  }

  async ask(question: FiguresQuestion): Promise<FiguresAnswer> {
    this.#cancelIdle();
    this.#cancelIdle = this.#clock.after(IDLE_MS, () => void this.#letGo());
    // Without them nothing is advised; the rest can be told all the same.
    this.#facts ??= this.#gatherFacts().catch(() => null);
    const facts = await this.#facts;
    if (this.#isClosed) return { kind: 'problem', message: CLOSED };
    this.#worker ??= this.#start({ folder: this.#folder, facts });
    this.#asked += 1;
    const id = this.#asked;
    return new Promise((resolve) => {
      this.#open.set(id, resolve);
      this.#worker?.postMessage({ id, question });
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#letGo();
  }

  async #letGo(): Promise<void> {
    this.#cancelIdle();
    this.#facts = null;
    const worker = this.#worker;
    this.#worker = null;
    this.#settleAll(CLOSED);
    await worker?.terminate();
  }

  #start(task: WorkerTask): Worker {
    const worker = new Worker(SCRIPT, { workerData: task });
    // Nobody's figures are a reason for the process to go on.
    worker.unref();
    worker.on('message', ({ id, answer }: { id: number; answer: FiguresAnswer }) => {
      this.#open.get(id)?.(answer);
      this.#open.delete(id);
    });
    worker.on('error', (error) => {
      if (this.#worker !== worker) return;
      // The next question starts another one.
      this.#worker = null;
      this.#settleAll(error instanceof Error ? error.message : String(error));
    });
    return worker;
  }

  #settleAll(message: string): void {
    for (const settle of this.#open.values()) settle({ kind: 'problem', message });
    this.#open.clear();
  }
}

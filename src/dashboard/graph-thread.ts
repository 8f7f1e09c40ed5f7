import { Worker } from 'node:worker_threads';
import type { GraphAnswer, GraphSource } from './graph-source.js';

const SCRIPT = new URL('./graph-worker.js', import.meta.url);

/** What the thread is started for. */
export interface GraphTask {
  readonly dir: string;
  readonly env: NodeJS.ProcessEnv;
}

/**
 * The graph of a project, read in a thread that there is only for one question: a wasm file of 40 MB is taken apart and packed for it,
 * while which `dev` would hear of no save. Those who ask meanwhile get the same answer.
 */
export class GraphThread implements GraphSource {
  readonly #task: GraphTask;
  #worker: Worker | null = null;
  #asked: Promise<GraphAnswer> | null = null;

  constructor(task: GraphTask) {
    this.#task = task;
  }

  ask(): Promise<GraphAnswer> {
    this.#asked ??= this.#read().finally(() => {
      this.#asked = null;
    });
    return this.#asked;
  }

  async close(): Promise<void> {
    await this.#worker?.terminate();
  }

  #read(): Promise<GraphAnswer> {
    return new Promise((resolve) => {
      const worker = new Worker(SCRIPT, { workerData: this.#task });
      this.#worker = worker;
      // Nobody's graph is a reason for the process to go on.
      worker.unref();
      worker.once('message', (answer: GraphAnswer) => resolve(answer));
      worker.once('error', (error) =>
        resolve({ kind: 'problem', message: error instanceof Error ? error.message : String(error) }),
      );
      worker.once('exit', () => {
        this.#worker = null;
        resolve({ kind: 'problem', message: 'the dashboard was closed' });
      });
    });
  }
}

import { parentPort, workerData } from 'node:worker_threads';
import { readGraph } from '../graph/read-graph.js';
import type { GraphAnswer } from './graph-source.js';
import type { GraphTask } from './graph-thread.js';

/** The thread of GraphThread. */
const { dir, env } = workerData as GraphTask;
const graph = await readGraph({ dir, env, now: Date.now() });
const answer: GraphAnswer = graph.ok
  ? { kind: 'graph', facts: graph.value }
  : { kind: 'problem', message: [graph.error.message, graph.error.why ?? ''].join('\n').trim() };
parentPort?.postMessage(answer);

import { parentPort, workerData } from 'node:worker_threads';
import type { FiguresQuestion } from './figures-source.js';
import type { WorkerTask } from './figures-thread.js';
import { HistoryFigures } from './history-figures.js';

/** The thread of FiguresThread: each question is answered under its number. */
const { folder, facts } = workerData as WorkerTask;
const figures = new HistoryFigures(folder, facts);

parentPort?.on('message', ({ id, question }: { id: number; question: FiguresQuestion }) => {
  void figures.ask(question).then((answer) => parentPort?.postMessage({ id, answer }));
});

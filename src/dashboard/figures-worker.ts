import { parentPort, workerData } from 'node:worker_threads';
import type { FiguresQuestion } from './figures-source.js';
import { HistoryFigures } from './history-figures.js';

/** The thread of FiguresThread: one question after the other, each answered under its number. */
const figures = new HistoryFigures(String(workerData));

parentPort?.on('message', ({ id, question }: { id: number; question: FiguresQuestion }) => {
  void figures.ask(question).then((answer) => parentPort?.postMessage({ id, answer }));
});

import { createInterface, type Interface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

/** Asks a question whose empty answer means `byDefault`. */
export type Ask = (question: string, byDefault: boolean) => Promise<boolean>;

/** Questions on a terminal, and the end of them: until `close` the terminal stays in readline's hands. */
export interface Questions {
  readonly ask: Ask;
  close(): void;
}

/**
 * Questions on these streams. Lines typed ahead answer the next question. Ctrl-C and the end of the input are a no to
 * this and all that follow, so that nothing is written then.
 */
export function openQuestions(input: Readable, output: Writable): Questions {
  let lines: Interface | undefined;
  let answers: AsyncIterator<string> | undefined;
  return {
    ask: async (question, byDefault) => {
      if (!lines || !answers) {
        const opened = createInterface({ input, output });
        opened.on('SIGINT', () => {
          output.write('\n');
          opened.close();
        });
        lines = opened;
        answers = opened[Symbol.asyncIterator]();
      }
      output.write(question);
      const answer = await answers.next();
      if (answer.done === true) return false;
      const typed = answer.value.trim().toLowerCase();
      return typed === '' ? byDefault : typed === 'y' || typed === 'yes';
    },
    close: () => lines?.close(),
  };
}

import ora from 'ora';
import type { EventBus } from '../core/events.js';
import { Narrator } from './narrator.js';
import type { Piece } from './story.js';

/** How often (ms) a log without a terminal tells how far the build is. */
const PLAIN_PROGRESS_MS = 10_000;
const LIVE_PROGRESS_MS = 100;

export interface SinkOptions {
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
  readonly version: string;
  readonly verbose: boolean;
  /** Single keys do something. */
  readonly keys: boolean;
}

export interface Sink {
  /** Shows a text that belongs to no event. */
  readonly print: (text: string) => void;
  /** Ends it: what it drew is removed. */
  readonly close: () => void;
}

/** For people at a terminal: lines that stay, and one live line at the bottom while something is being built. */
export function terminalSink(bus: EventBus, options: SinkOptions): Sink {
  const narrator = new Narrator(options, bus.session);
  const spinner = ora({ stream: process.stderr, prefixText: ' ', discardStdin: false });
  const draw = (): void => {
    const line = narrator.line(Date.now());
    if (line === '') spinner.stop();
    else {
      spinner.text = line;
      if (!spinner.isSpinning) spinner.start();
    }
  };
  const timer = setInterval(draw, LIVE_PROGRESS_MS);
  const show = (pieces: readonly Piece[]): void => {
    // The live line must not stand between the lines that stay.
    spinner.stop();
    for (const piece of pieces) (piece.stream === 'out' ? options.stdout : options.stderr).write(`${piece.text}\n`);
    draw();
  };
  const off = bus.on((event) => {
    const pieces = narrator.tell(event);
    const changed = narrator.update(event);
    if (pieces.length > 0) show(pieces);
    else if (changed) draw();
  });
  return {
    print: (text) => show([{ text, stream: 'out' }]),
    close: () => {
      off();
      clearInterval(timer);
      spinner.stop();
    },
  };
}

/** For logs and pipes: the same lines, and the progress every ten seconds. */
export function plainSink(bus: EventBus, options: SinkOptions): Sink {
  const narrator = new Narrator(options, bus.session);
  const timer = setInterval(() => {
    const line = narrator.line(Date.now());
    if (line !== '') options.stdout.write(`  ${line}\n`);
  }, PLAIN_PROGRESS_MS);
  const off = bus.on((event) => {
    for (const piece of narrator.tell(event)) {
      (piece.stream === 'out' ? options.stdout : options.stderr).write(`${piece.text}\n`);
    }
    narrator.update(event);
  });
  return {
    print: (text) => void options.stdout.write(`${text}\n`),
    close: () => {
      off();
      clearInterval(timer);
    },
  };
}

/** `--json`: one event a line on stdout and nothing else there; what people read goes to stderr. */
export function jsonSink(bus: EventBus, options: SinkOptions): Sink {
  const narrator = new Narrator(options, bus.session);
  const offEvents = bus.on((event) => {
    if (event.event === 'log' && event.level === 'debug' && !options.verbose) return;
    const project = narrator.projectOf(event);
    options.stdout.write(`${JSON.stringify(project === null ? event : { ...event, project })}\n`);
  });
  const plain = plainSink(bus, { ...options, stdout: options.stderr });
  return {
    print: plain.print,
    close: () => {
      offEvents();
      plain.close();
    },
  };
}

import { readArguments, USAGE } from './arguments.js';
import { runLatency } from './run.js';

/** Measures from the command line; exit codes: 0, 1 an edit was not seen with leptos-fast, 2 wrong usage, 130 Ctrl-C. */
async function main(argv: readonly string[]): Promise<number> {
  const read = readArguments(argv);
  if (typeof read === 'string') {
    if (read !== '') process.stderr.write(`error: ${read}\n\n`);
    process.stdout.write(USAGE);
    return read === '' ? 0 : 2;
  }
  if (process.platform !== 'linux') {
    process.stderr.write('error: it looks at processes through /proc, so it needs Linux\n');
    return 2;
  }
  return runLatency(read, ['npm run latency --', ...argv].join(' '));
}

process.exit(await main(process.argv.slice(2)));

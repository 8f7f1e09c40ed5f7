import { readArguments, USAGE } from './arguments.js';
import { chosenScenarios, runCampaign } from './campaign.js';
import type { Scenario } from './scenario.js';

/** Runs the suite from the command line; exit codes as leptos-fast's own: 0, 1 a scenario failed, 2 wrong usage, 130 Ctrl-C. */
async function main(): Promise<number> {
  const read = readArguments(process.argv.slice(2));
  if (typeof read === 'string') {
    if (read !== '') process.stderr.write(`error: ${read}\n\n`);
    process.stdout.write(USAGE);
    return read === '' ? 0 : 2;
  }
  if (read.list) {
    process.stdout.write(`${chosenScenarios(read.only).map(explain).join('\n')}\n`);
    return 0;
  }
  if (process.platform !== 'linux') {
    process.stderr.write('error: the suite looks at processes through /proc, so it needs Linux\n');
    return 2;
  }
  return runCampaign(read);
}

function explain({ number, name, failsIf, limit, slow }: Scenario): string {
  return `${String(number).padStart(2)} ${name} (${limit} s${slow ? ', slow' : ''})\n   fails if ${failsIf}`;
}

process.exit(await main());

/**
 * `npm run scenarios`: the reliability suite, with all that is needed for it.
 *
 *   npm run scenarios -- --runs 10 --compare    both tools through every scenario, ten times
 *   npm run scenarios -- --help                 the other options
 */
import { runSuite } from './suite.mjs';

await runSuite('test/scenarios/main.ts');

/**
 * `npm run latency`: how long a save takes to be seen in the page, measured with all that is needed for it.
 *
 *   npm run latency -- --edits 20 --json out.json   leptos-fast and plain cargo-leptos in turn, 20 edits of each kind
 *   npm run latency -- --help                        the other options
 */
import { runSuite } from './suite.mjs';

await runSuite('test/latency/main.ts');

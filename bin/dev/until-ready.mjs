/**
 * `npm run demo -- --until-ready`: starts the demo, looks at the page as a visitor's browser would, stops it.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { findChromium } from './browser.mjs';
import { CLI } from './paths.mjs';
import { ended, Interrupted, SetupError } from './process.mjs';
import { formatDuration } from './report.mjs';

const READY_LIMIT_MS = 45 * 60_000;
const MEND_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 15_000;
const PAGE_LIMIT_MS = 60_000;

/**
 * @param {{ app: string, env: NodeJS.ProcessEnv, args: string[] }} options `args` go to `leptos-fast dev`
 * @returns {Promise<number>} the exit code: 0 if the page was served and works
 */
export async function runUntilReady({ app, env, args }) {
  const port = args.includes('--port') ? [] : ['--port', String(await freePort())];
  console.log(`Starting the demo. The first build compiles some 240 crates twice: about 5 min on 2 cores`);
  const dev = startDev([app, ...port, ...args], env);
  try {
    return await Promise.race([visit(dev, env), dev.interrupted]);
  } finally {
    await dev.force();
  }
}

/** All that is checked, in turn. */
async function visit(dev, env) {
  const { url } = await dev.ready;
  console.log(`✓ ready at ${url} after ${formatDuration(dev.age())}`);
  for (const line of await checkPage(url)) console.log(`✓ ${line}`);
  console.log(await checkHydration(url, env));
  console.log(`✓ ${await stopDev(dev, url)}`);
  return 0;
}

/** Starts `leptos-fast dev --json` and returns what one can do with it. */
function startDev(args, env) {
  const started = Date.now();
  const child = spawn(process.execPath, [CLI, 'dev', ...args, '--json'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const end = ended(child, { throwIfInterrupted: false });
  const signal = nextSignal();
  return {
    /** Resolves with that event. */
    ready: readyEvent(child.stdout, end),
    /** Never resolves; rejects when this process is told to stop. */
    interrupted: signal.interrupted,
    end,
    age: () => Date.now() - started,
    interrupt: () => child.kill('SIGINT'),
    /** Ends dev if it still runs: as a user would, who gets impatient. */
    force: async () => {
      // A signal to this process has reached dev too.
      if (signal.came()) await within(end, STOP_LIMIT_MS);
      for (const next of ['SIGINT', 'SIGINT', 'SIGTERM', 'SIGKILL']) {
        if (child.exitCode !== null || child.signalCode !== null) return;
        child.kill(next);
        await within(end, 5000);
      }
    },
  };
}

function nextSignal() {
  let came = false;
  const interrupted = new Promise((_, reject) => {
    for (const signal of ['SIGINT', 'SIGTERM']) {
      process.once(signal, () => {
        came = true;
        reject(new Interrupted(signal));
      });
    }
  });
  return { interrupted, came: () => came };
}

/**
 * Reads dev's events up to `ready`. Rejects when dev ends before it, when a build fails and isn't mended, or after a
 * long time.
 */
function readyEvent(stdout, end) {
  return new Promise((resolve, reject) => {
    const fail = (message, help) => reject(new SetupError(message, help, 1));
    const limit = setTimeout(() => fail(`not ready after ${formatDuration(READY_LIMIT_MS)}`), READY_LIMIT_MS);
    /** By side: fails when dev doesn't try that side's build again. */
    const mends = new Map();
    let lastError = '';
    createInterface({ input: stdout }).on('line', (line) => {
      const event = parseEvent(line);
      if (event === undefined) fail(`leptos-fast dev --json wrote a line that is no event: ${line}`);
      else if (event.event === 'ready') resolve(event);
      else if (event.event === 'error') lastError = `\n  error[${event.code}]: ${event.message}`;
      else if (event.event === 'build-started') clearTimeout(mends.get(event.side));
      else if (event.event === 'build-finished' && event.ok === false) {
        const failed = () => fail(`the ${event.side} build failed`, 'see what cargo wrote above');
        mends.set(event.side, setTimeout(failed, MEND_LIMIT_MS));
      }
    });
    end.then(({ code, error }) => {
      fail(`leptos-fast dev ended with ${error ?? `exit code ${code}`} before it was ready${lastError}`);
      for (const timer of [limit, ...mends.values()]) clearTimeout(timer);
    });
  });
}

function parseEvent(line) {
  try {
    const event = JSON.parse(line);
    return typeof event?.event === 'string' ? event : undefined;
  } catch {
    return undefined;
  }
}

/** Fetches the page and what it loads; returns what was found to be right. */
async function checkPage(url) {
  const html = await (await get(url)).text();
  const headline = /<h1[^>]*\bid="?headline"?[^>]*>([^<]+)</.exec(html)?.[1];
  if (!headline) throw new SetupError('the page has no headline in the HTML that the server rendered', undefined, 1);

  const [script] = filesOf(html, 'js');
  const [wasm] = filesOf(html, 'wasm');
  if (!script || !wasm) throw new SetupError('the page names no script or no wasm file', undefined, 1);
  const scriptText = await (await get(new URL(script, url))).text();
  const bytes = await (await get(new URL(wasm, url))).arrayBuffer();
  await WebAssembly.compile(bytes).catch((error) => {
    throw new SetupError(`${wasm} is no valid WebAssembly: ${error.message}`, undefined, 1);
  });
  return [
    `rendered by the server: “${headline}”`,
    `${script} ${kilobytes(scriptText.length)}, ${wasm} ${kilobytes(bytes.byteLength)}, which compiles`,
  ];
}

/** The paths of this kind that the page names. */
function filesOf(html, ending) {
  return [...html.matchAll(new RegExp(`["'(]([^"'()\\s<>]+\\.${ending})["')]`, 'g'))].map((match) => match[1]);
}

async function get(url) {
  const response = await fetch(url, { signal: AbortSignal.timeout(PAGE_LIMIT_MS) }).catch((error) => {
    throw new SetupError(`${url} cannot be fetched: ${error.cause?.message ?? error.message}`, undefined, 1);
  });
  if (!response.ok) throw new SetupError(`${url} answers ${response.status}`, undefined, 1);
  return response;
}

const kilobytes = (bytes) => `${Math.round(bytes / 1024)} KiB`;

/** Clicks the counter in a real browser, if there is one. Only a hydrated page counts. */
async function checkHydration(url, env) {
  const executablePath = findChromium(env);
  if (!executablePath) {
    return '- no Chromium or Chrome here: whether the page comes alive in a browser was not checked';
  }
  const { chromium } = await import('playwright-core');
  const args = ['--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update'];
  // Chromium's sandbox refuses to run as root.
  if (process.getuid?.() === 0) args.push('--no-sandbox');
  const browser = await chromium.launch({ executablePath, args });
  try {
    const page = await browser.newPage();
    const errors = [];
    page.on('pageerror', (error) => errors.push(error.message));
    await page.goto(url, { timeout: PAGE_LIMIT_MS });
    const before = await firstCount(page, errors);
    await page.click('#counter-button');
    const after = await page.textContent('#counter');
    if (Number(after) !== before + 1) {
      throw new SetupError(`the counter went from ${before} to ${after} on one click`, undefined, 1);
    }
    return `✓ hydrated in ${executablePath}: the counter counts`;
  } finally {
    await browser.close();
  }
}

/** Clicks until the counter counts: before hydration nobody listens. */
async function firstCount(page, errors) {
  const limit = Date.now() + PAGE_LIMIT_MS;
  while (Date.now() < limit) {
    await page.click('#counter-button');
    const count = Number(await page.textContent('#counter'));
    if (count > 0) return count;
    await sleep(100);
  }
  throw new SetupError(`the page was not hydrated: the counter does not count\n  ${errors.join('\n  ')}`, undefined, 1);
}

/** One Ctrl-C must be enough. */
async function stopDev(dev, url) {
  const started = Date.now();
  dev.interrupt();
  const end = await within(dev.end, STOP_LIMIT_MS);
  const took = formatDuration(Date.now() - started);
  if (end === undefined) throw new SetupError(`leptos-fast dev did not stop within ${took}`, undefined, 1);
  if (end.code !== 0) throw new SetupError(`leptos-fast dev stopped with exit code ${end.code}`, undefined, 1);
  if (await isOpen(Number(new URL(url).port || 80))) {
    throw new SetupError(`something still listens at ${url} after the stop`, undefined, 1);
  }
  return `stopped in ${took}, exit code 0, port free`;
}

/** The promise's value, or undefined if it takes longer. */
async function within(promise, ms) {
  const cancel = new AbortController();
  try {
    return await Promise.race([promise, sleep(ms, undefined, { signal: cancel.signal })]);
  } finally {
    cancel.abort();
  }
}

/** A port on which nobody listens. */
export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** True when somebody listens on a port of this machine. */
export async function isOpen(port) {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

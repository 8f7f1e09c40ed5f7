import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import WebSocket from 'ws';
import { endGroup } from '../build/process-group.js';
import type { LfError } from '../core/errors.js';
import { err, ok, type Result } from '../core/result.js';
import { findExecutable } from '../doctor/find-executable.js';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const MAC_CHROME = ['/Applications/Google Chrome.app/Contents/MacOS'];
/** How long (ms) a browser may take to start and to answer a command; a busy machine needs its time. */
const ANSWER_MS = 60_000;
const LOOK_EVERY_MS = 50;

/** The key in the tab's session storage under which the script in the page finds what is wanted; it outlives a reload. */
const WANTED = 'leptos-fast-bench';
/** The function by which the script in the page tells. */
const TELL = 'leptosFastBench';

/** Runs in every document: looks at each frame whether what is wanted is there, and tells when it was painted. */
const SCRIPT = `(() => {
  if (window.top !== window) return;
  const frame = () => {
    const text = sessionStorage.getItem('${WANTED}');
    const root = document.documentElement;
    const shows = text && (root?.outerHTML.includes(text) || styles(root).includes(text));
    // Callbacks of a frame run before its paint, those of the next one after it.
    if (shows) {
      sessionStorage.removeItem('${WANTED}');
      requestAnimationFrame(() => window.${TELL}(JSON.stringify({ text, at: Date.now() })));
    }
    requestAnimationFrame(frame);
  };
  const styles = (root) => {
    if (!root) return '';
    const style = getComputedStyle(root);
    return style.getPropertyValue('--bench-edit') + style.getPropertyValue('--leptos-fast-bench');
  };
  requestAnimationFrame(frame);
})()`;

/** Finds a Chromium: `LEPTOS_FAST_CHROMIUM`, else the usual names. Error: LF060. */
export async function findBrowser(env: NodeJS.ProcessEnv): Promise<Result<string>> {
  if (env.LEPTOS_FAST_CHROMIUM) return ok(env.LEPTOS_FAST_CHROMIUM);
  for (const name of NAMES) {
    const found = await findExecutable(name, env);
    if (found !== undefined) return ok(found);
  }
  const onMac = await findExecutable('Google Chrome', { PATH: '' }, MAC_CHROME);
  return onMac === undefined ? err(noBrowser()) : ok(onMac);
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: { readonly name?: string; readonly payload?: string };
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly message: string };
}

/** One page in a headless Chromium, over the DevTools protocol. */
export class BrowserPage {
  readonly #child: ChildProcess;
  readonly #socket: WebSocket;
  readonly #profile: string;
  readonly #answers = new Map<number, (message: Message) => void>();
  #session: string | undefined;
  #id = 0;
  #paintedAt: { readonly text: string; readonly at: number } | null = null;

  private constructor(child: ChildProcess, socket: WebSocket, profile: string) {
    this.#child = child;
    this.#socket = socket;
    this.#profile = profile;
    socket.on('message', (data) => this.#onMessage(JSON.parse(String(data)) as Message));
    socket.on('error', () => undefined);
  }

  /** Starts the browser with a profile of its own (a folder that does not exist yet) and opens a page. Rejects when it does not answer. */
  static async open(program: string, profile: string, url: string, env: NodeJS.ProcessEnv): Promise<BrowserPage> {
    await mkdir(profile, { recursive: true });
    const child = spawn(program, [...argumentsFor(profile), 'about:blank'], {
      env,
      stdio: ['ignore', 'ignore', 'pipe'],
      detached: true,
    });
    try {
      const socket = new WebSocket(await endpointOf(child), { perMessageDeflate: false });
      await new Promise<void>((resolve, reject) => {
        socket.once('open', resolve);
        socket.once('error', reject);
      });
      const page = new BrowserPage(child, socket, profile);
      const { targetId } = await page.#call('Target.createTarget', { url: 'about:blank' });
      const { sessionId } = await page.#call('Target.attachToTarget', { targetId, flatten: true });
      page.#session = String(sessionId);
      await page.#call('Page.enable', {});
      await page.#call('Runtime.enable', {});
      await page.#call('Runtime.addBinding', { name: TELL });
      await page.#call('Page.addScriptToEvaluateOnNewDocument', { source: SCRIPT });
      await page.#call('Page.navigate', { url });
      await page.#loaded();
      return page;
    } catch (error) {
      await endGroup(child);
      await rm(profile, { recursive: true, force: true });
      throw error;
    }
  }

  /** From now on the page looks for this text. */
  async want(text: string): Promise<void> {
    this.#paintedAt = null;
    const expression = `sessionStorage.setItem(${JSON.stringify(WANTED)}, ${JSON.stringify(text)})`;
    await this.#evaluate(expression);
  }

  /** When this text was painted, in ms since the epoch; null as long as it was not. */
  paintedAt(text: string): number | null {
    return this.#paintedAt?.text === text ? this.#paintedAt.at : null;
  }

  async close(): Promise<void> {
    this.#socket.terminate();
    await endGroup(this.#child);
    await rm(this.#profile, { recursive: true, force: true, maxRetries: 5 });
  }

  async #loaded(): Promise<void> {
    const end = Date.now() + ANSWER_MS;
    while ((await this.#evaluate('location.href !== "about:blank" && document.readyState')) !== 'complete') {
      if (Date.now() > end) throw new Error('the browser did not load the page');
      await sleep(LOOK_EVERY_MS);
    }
  }

  /** The value of an expression. A page that is just being loaded is asked again. */
  async #evaluate(expression: string): Promise<unknown> {
    const end = Date.now() + ANSWER_MS;
    for (;;) {
      try {
        const { result, exceptionDetails } = await this.#call('Runtime.evaluate', { expression });
        if (exceptionDetails) throw new Error(`the page refuses ${expression}`);
        return (result as { readonly value?: unknown } | undefined)?.value;
      } catch (error) {
        if (Date.now() > end || this.#socket.readyState !== WebSocket.OPEN) throw error;
        await sleep(LOOK_EVERY_MS);
      }
    }
  }

  #onMessage({ id, method, params, ...rest }: Message): void {
    if (id !== undefined) this.#answers.get(id)?.({ id, ...rest });
    if (method !== 'Runtime.bindingCalled' || params?.name !== TELL) return;
    this.#paintedAt = JSON.parse(params.payload ?? 'null') as { text: string; at: number } | null;
  }

  #call(method: string, params: Readonly<Record<string, unknown>>): Promise<Readonly<Record<string, unknown>>> {
    const id = ++this.#id;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`the browser did not answer ${method}`)), ANSWER_MS);
      this.#answers.set(id, ({ result, error }) => {
        clearTimeout(timer);
        this.#answers.delete(id);
        if (error) reject(new Error(`${method}: ${error.message}`));
        else resolve(result ?? {});
      });
      this.#socket.send(JSON.stringify({ id, method, params, ...(this.#session && { sessionId: this.#session }) }));
    });
  }
}

/** The address that Chromium writes to stderr as soon as it listens. */
function endpointOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    const timer = setTimeout(() => reject(new Error('the browser did not start')), ANSWER_MS);
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-20_000);
      const address = /DevTools listening on (ws:\/\/\S+)/.exec(said)?.[1];
      if (address === undefined) return;
      clearTimeout(timer);
      resolve(address);
    });
    const fail = (why: string): void => {
      clearTimeout(timer);
      reject(new Error(`the browser did not start: ${why}`));
    };
    child.once('error', (error) => fail(error.message));
    child.once('exit', () => fail(said.trim().split('\n').slice(-2).join(' | ')));
  });
}

function argumentsFor(profile: string): string[] {
  return [
    '--headless=new',
    // Chromium's own sandbox refuses to run as root.
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    '--remote-debugging-port=0',
    `--user-data-dir=${profile}`,
    '--no-first-run',
    '--no-default-browser-check',
    '--disable-gpu',
    '--disable-background-networking',
    '--disable-background-timer-throttling',
    '--disable-backgrounding-occluded-windows',
    '--disable-renderer-backgrounding',
    '--disable-component-update',
    '--disable-sync',
  ];
}

function noBrowser(): LfError {
  return {
    code: 'LF060',
    message: 'there is no Chromium for --browser',
    help: ['install chromium or Google Chrome', 'or name it: LEPTOS_FAST_CHROMIUM=PATH'],
    exitCode: 3,
  };
}

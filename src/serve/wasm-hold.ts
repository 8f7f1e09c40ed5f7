import type { IncomingMessage, ServerResponse } from 'node:http';
import type { WasmState } from '../build/dev-loop.js';
import { pathOf } from './own-address.js';

/** What becomes of a request for the wasm or its JavaScript: it goes on to the app, or the page stays without. */
export type Admission = 'pass' | 'refuse';

/*
 *            replaced                    failed
 *   open ───────────────▶ held ─────────────────────▶ refused
 *     ▲                    │ ▲                           │
 *     └─────── fits ───────┘ └── replaced, building ─────┘
 */
type State = 'open' | 'held' | 'refused';

/**
 * Keeps an old wasm from a page of the new server: requests for it wait until the new one is there. A page whose wasm
 * will never come, since it does not compile or a newer server has taken over, stays as the server wrote it until it is
 * loaded anew.
 */
export class WasmHold {
  #state: State = 'open';
  #waiting: ((admission: Admission) => void)[] = [];

  /** How many requests wait. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** The wasm and the server have become another thing to each other. */
  onWasm(state: WasmState): void {
    switch (state) {
      case 'replaced':
        this.#state = 'held';
        // They are of pages of the server before.
        this.#answer('refuse');
        return;
      case 'building':
        this.#state = 'held';
        return;
      case 'failed':
        this.#state = 'refused';
        this.#answer('refuse');
        return;
      case 'fits':
        this.#state = 'open';
        this.#answer('pass');
        return;
    }
  }

  /** Resolves when it is known what becomes of a request; at once as refused when `gone` fires. */
  admit(gone: AbortSignal): Promise<Admission> {
    if (this.#state === 'open') return Promise.resolve('pass');
    if (this.#state === 'refused' || gone.aborted) return Promise.resolve('refuse');
    return new Promise((resolve) => {
      const leave = (): void => {
        this.#waiting = this.#waiting.filter((other) => other !== settle);
        resolve('refuse');
      };
      const settle = (admission: Admission): void => {
        gone.removeEventListener('abort', leave);
        resolve(admission);
      };
      this.#waiting.push(settle);
      gone.addEventListener('abort', leave, { once: true });
    });
  }

  #answer(admission: Admission): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const settle of waiting) settle(admission);
  }
}

/** True for what only fits one build: the wasm, its JavaScript and their parts; stylesheets do not. */
export function isOfWasm(path: string, pkgPath: string): boolean {
  return path.startsWith(pkgPath) && /\.(wasm|m?js)$/.test(path);
}

/** Never done: the page that imports it neither comes alive nor fails, which would be reported as an error of the app. */
const NEVER = 'await new Promise(() => undefined);\nexport default () => undefined;\n';

/** Answers a request for the wasm or its JavaScript in a page that is to stay as the server wrote it. */
export function answerWithoutWasm({ url }: IncomingMessage, response: ServerResponse): void {
  const isScript = !pathOf(url).endsWith('.wasm');
  response.writeHead(isScript ? 200 : 503, {
    'content-type': isScript ? 'text/javascript; charset=utf-8' : 'text/plain; charset=utf-8',
    'cache-control': 'no-store',
  });
  response.end(isScript ? NEVER : 'There is no wasm for this page: it does not compile, or the page is out of date.\n');
}

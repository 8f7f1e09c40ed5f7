/**
 * Runs in the page from the start of every document: looks at each frame whether what is wanted is there, and tells when
 * it was painted.
 */
import { type Look, REPORT_NAME, type Report, WANTED_KEY, type Wanted } from './wanted.js';

/** So often (ms) an answer that is the old one is asked for again. */
const ASK_AGAIN_MS = 100;

declare global {
  interface Window {
    /** Tells the probe that something new is wanted. */
    latencyWatch?: () => void;
  }
}

let wanted: Wanted | null = null;
let isVisible = false;
let isClicked = false;
let askedAt = 0;
let failedAnswer: string | null = null;

window.latencyWatch = watch;
if (window.top === window) {
  report({ event: 'loaded', at: Date.now() });
  watch();
}

function watch(): void {
  const text = readWanted();
  const next = text === null ? null : (JSON.parse(text) as Wanted);
  const isRunning = wanted !== null;
  wanted = next;
  isVisible = false;
  isClicked = false;
  if (next && !isRunning) requestAnimationFrame(frame);
}

/** An empty document has no storage. */
function readWanted(): string | null {
  try {
    return sessionStorage.getItem(WANTED_KEY);
  } catch {
    return null;
  }
}

function frame(): void {
  const now = wanted;
  if (!now) return;
  if (now.sends && !isVisible) send(now.id);
  if (!isVisible && shows(now.look)) {
    isVisible = true;
    afterPaint({ event: 'visible', id: now.id });
  }
  if (isVisible && now.counted !== null && isHydrated()) {
    if (!isClicked) {
      isClicked = true;
      document.querySelector<HTMLElement>('#counter-button')?.click();
    } else if (document.querySelector('#counter')?.textContent === String(now.counted)) {
      afterPaint({ event: 'interactive', id: now.id });
      wanted = null;
      return;
    }
  }
  if (isVisible && now.counted === null) wanted = null;
  else requestAnimationFrame(frame);
}

/** A frame's callbacks run before its paint, those of the next one after it. */
function afterPaint(what: { readonly event: 'visible' | 'interactive'; readonly id: number }): void {
  requestAnimationFrame(() => report({ ...what, at: Date.now() }));
}

function shows(look: Look): boolean {
  const element = document.querySelector(look.selector);
  if (!element) return false;
  switch (look.kind) {
    case 'text':
      return element.textContent === look.value;
    case 'text-begin':
      return element.textContent?.startsWith(look.value) ?? false;
    case 'attribute':
      return element.getAttribute(look.name) === look.value;
    case 'class':
      return element.classList.contains(look.value);
    case 'style':
      return getComputedStyle(element).getPropertyValue(look.property) === look.value;
    case 'image':
      return element instanceof HTMLImageElement && element.complete && element.naturalWidth === look.width;
  }
}

/** The sample's status says so by an effect, which only wasm runs. */
function isHydrated(): boolean {
  return document.querySelector('#status')?.classList.contains('on') ?? false;
}

function send(id: number): void {
  const answer = document.querySelector('#greeting')?.textContent ?? '';
  if (answer.startsWith('That went wrong')) {
    // The same error stays until the next answer comes.
    if (failedAnswer !== answer) report({ event: 'call-failed', id, at: Date.now() });
    failedAnswer = answer;
  } else failedAnswer = null;
  const button = document.querySelector<HTMLButtonElement>('#greet-button');
  if (!button || button.disabled || !isHydrated() || Date.now() - askedAt < ASK_AGAIN_MS) return;
  askedAt = Date.now();
  failedAnswer = null;
  button.click();
}

function report(what: Report): void {
  const take = (window as unknown as Record<string, ((what: Report) => void) | undefined>)[REPORT_NAME];
  take?.(what);
}

/** What one message may hold, in characters: a wasm stack trace is long, and its end says nothing. */
const LONGEST = 4_000;
/** A page that fails in every frame tells nothing new. */
const MOST_PER_MINUTE = 20;
const MINUTE_MS = 60_000;

/** How browsers call the trap at the end of a panic, whose message was told before. */
const TRAP = /RuntimeError: unreachable|Unreachable code/i;

/** Reports each panic of the wasm and each exception that nobody caught, once; the page's own handlers see them too. */
export function reportPageErrors(report: (message: string) => void): void {
  const told = new Set<string>();
  let times: number[] = [];
  let panicked = false;

  const tell = (text: string) => {
    const message = text.slice(0, LONGEST);
    const now = performance.now();
    times = times.filter((time) => now - time < MINUTE_MS);
    if (told.has(message) || times.length >= MOST_PER_MINUTE) return;
    told.add(message);
    times.push(now);
    report(message);
  };
  const tellUncaught = (text: string) => {
    if (!(panicked && TRAP.test(text))) tell(text);
  };

  window.addEventListener('error', (event) => {
    // An image that fails to load also comes here, without a message.
    if (event instanceof ErrorEvent) tellUncaught(describe(event.error ?? event.message));
  });
  window.addEventListener('unhandledrejection', ({ reason }) => tellUncaught(describe(reason)));
  watchConsole((text) => {
    panicked = true;
    tell(text);
  });
}

/** console_error_panic_hook prints a panic as one text. */
function watchConsole(panic: (text: string) => void): void {
  // biome-ignore-start lint/suspicious/noConsole: the console is what is watched.
  const original = console.error;
  console.error = (...args: unknown[]) => {
    original.apply(console, args);
    if (typeof args[0] === 'string' && args[0].startsWith('panicked at')) panic(args[0]);
  };
  // biome-ignore-end lint/suspicious/noConsole: the console is what is watched.
}

function describe(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  const head = `${thrown.name}: ${thrown.message}`;
  const stack = thrown.stack ?? '';
  // V8's stack begins with the message, others' do not.
  return stack.startsWith(head) ? stack : `${head}\n${stack}`.trimEnd();
}

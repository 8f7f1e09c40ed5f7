/** Exit codes of a run that a second signal ended: 128 + the signal's number. */
const FORCED_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

type StopSignal = keyof typeof FORCED_CODES;

export interface SignalHandlers {
  /** The first signal: end in order. */
  readonly onStop: (signal: StopSignal) => void;
  /** The second one: end at once, with this exit code. */
  readonly onForce: (exitCode: number) => void;
  /** The process runs again after Ctrl-Z. */
  readonly onResume: () => void;
}

/** Listens to Ctrl-C, SIGTERM and a closed terminal. The returned function stops listening. */
export function onSignals({ onStop, onForce, onResume }: SignalHandlers): () => void {
  let stopping = false;
  const listeners = (Object.keys(FORCED_CODES) as StopSignal[]).map((signal) => {
    const listener = (): void => {
      if (stopping) {
        onForce(FORCED_CODES[signal]);
        return;
      }
      stopping = true;
      onStop(signal);
    };
    process.on(signal, listener);
    return { signal, listener };
  });
  process.on('SIGCONT', onResume);
  return () => {
    process.off('SIGCONT', onResume);
    for (const { signal, listener } of listeners) process.off(signal, listener);
  };
}

/**
 * Calls `handle` once for an exception that nobody caught; what follows it is passed over, since the way out may meet the
 * same fault, such as a closed pipe.
 */
export function onFault(handle: (error: Error) => void): void {
  let isHandled = false;
  // Node raises a rejection that nobody handles as an exception too.
  process.on('uncaughtException', (error: unknown) => {
    if (isHandled) return;
    isHandled = true;
    handle(error instanceof Error ? error : new Error(String(error)));
  });
}

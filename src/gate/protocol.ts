/**
 * What the shim and the running leptos-fast say to each other over the gate's socket: one JSON object a line.
 * The shim sends one request; the gate answers with any number of outputs and one `exit`, or with `decline`.
 */

/** A call of `cargo` as cargo-leptos made it. */
export interface CargoRequest {
  /** The real program that the shim stands in for: cargo, or what `bin-cargo-command` names (absolute). */
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

export type GateReply =
  /** Output of the call, base64, so that any bytes survive. */
  | { readonly kind: 'stdout'; readonly data: string }
  | { readonly kind: 'stderr'; readonly data: string }
  /** The call is over; the shim exits with this code. */
  | { readonly kind: 'exit'; readonly code: number }
  /** Not the gate's business: the shim runs cargo itself. */
  | { readonly kind: 'decline' };

/** One message as a line. */
export const encodeLine = (message: CargoRequest | GateReply): string => `${JSON.stringify(message)}\n`;

/** Cuts a stream of text into lines and calls `onLine` for each complete one. */
export function lineSplitter(onLine: (line: string) => void): (chunk: string) => void {
  let rest = '';
  return (chunk) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line);
  };
}

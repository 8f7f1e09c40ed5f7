import type { IncomingMessage } from 'node:http';

/** What a page's Content-Security-Policy says about a script of the page's own origin. */
export interface ScriptPolicy {
  /** To be put on the script; null when the policy names none. */
  readonly nonce: string | null;
  /** False when the browser would refuse the script, nonce or not. */
  readonly allows: boolean;
}

/** Directives of one policy: name to its words. The first of a name counts. */
type Policy = ReadonlyMap<string, readonly string[]>;

/** base64-value of the standard (CSP 3, 2.3.1): nothing in it has a meaning in HTML. */
const NONCE = /^'nonce-([a-z0-9+/_-]+={0,2})'$/i;
/** Policies in the HTML itself, as Leptos's `<Meta http_equiv="Content-Security-Policy">` writes them. */
const META_POLICY = /<meta\b[^>]*content-security-policy[^>]*>/i;
const META_NONCE = /nonce-([a-z0-9+/_-]+={0,2})/i;

/** Reads the policies in the headers of an answer; `host` is the one that the request named. */
export function scriptPolicy(answer: IncomingMessage, host: string): ScriptPolicy {
  const policies = parsePolicies(answer);
  const nonce =
    policies
      .flatMap((policy) => sources(policy) ?? [])
      .map(nonceOf)
      .find((found) => found !== null) ?? null;
  return { nonce, allows: policies.every((policy) => allowsScript(policy, nonce, host.toLowerCase())) };
}

/** The nonce of a policy that stands in the beginning of the page's HTML. */
export function metaNonce(html: Buffer): string | null {
  const meta = META_POLICY.exec(html.toString('latin1'))?.[0] ?? '';
  return META_NONCE.exec(meta)?.[1] ?? null;
}

function parsePolicies({ headersDistinct }: IncomingMessage): Policy[] {
  const texts = (headersDistinct['content-security-policy'] ?? []).flatMap((value) => value.split(','));
  return texts.map((text) => {
    const policy = new Map<string, string[]>();
    for (const directive of text.split(';')) {
      const [name = '', ...words] = directive.trim().split(/\s+/);
      if (!policy.has(name.toLowerCase())) policy.set(name.toLowerCase(), words);
    }
    return policy;
  });
}

/** What a policy lets scripts come from; undefined when it does not say. */
function sources(policy: Policy): readonly string[] | undefined {
  return policy.get('script-src-elem') ?? policy.get('script-src') ?? policy.get('default-src');
}

function nonceOf(source: string): string | null {
  return NONCE.exec(source)?.[1] ?? null;
}

function allowsScript(policy: Policy, nonce: string | null, host: string): boolean {
  const sandbox = policy.get('sandbox')?.map((word) => word.toLowerCase());
  // Without its origin, the page cannot load modules from here.
  if (sandbox && !(sandbox.includes('allow-scripts') && sandbox.includes('allow-same-origin'))) return false;
  const allowed = sources(policy);
  if (!allowed) return true;
  if (nonce !== null && allowed.some((source) => nonceOf(source) === nonce)) return true;
  const words = allowed.map((source) => source.toLowerCase());
  if (words.includes("'strict-dynamic'")) return false;
  const [name = ''] = host.split(/:\d+$/);
  const fits = ["'self'", '*', 'http:', 'https:', host, name, `http://${host}`, `https://${host}`];
  return words.some((word) => fits.includes(word.replace(/\/$/, '')) || word === `${name}:*`);
}

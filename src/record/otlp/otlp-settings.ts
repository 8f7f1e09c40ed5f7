import { err, ok, type Result } from '../../core/result.js';

/** Where traces go, and how. */
export interface OtlpSettings {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** How long (ms) one request may take. */
  readonly timeoutMs: number;
  /** What describes this process: `service.name` and the like. */
  readonly resource: Readonly<Record<string, string>>;
}

/** OpenTelemetry's default, in ms. */
const DEFAULT_TIMEOUT_MS = 10_000;

/**
 * Reads OpenTelemetry's variables (opentelemetry.io/docs/specs/otel/protocol/exporter and …/configuration/sdk-environment-variables).
 * Null where no endpoint is set, or tracing is switched off. The error says in one line what cannot be used.
 */
export function otlpSettings(env: NodeJS.ProcessEnv): Result<OtlpSettings | null, string> {
  // An empty variable counts as none.
  const of = (name: string): string | undefined => env[name]?.trim() || undefined;
  const ofTraces = (name: string): string | undefined =>
    of(`OTEL_EXPORTER_OTLP_TRACES_${name}`) ?? of(`OTEL_EXPORTER_OTLP_${name}`);
  const endpoint = endpointOf(of('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'), of('OTEL_EXPORTER_OTLP_ENDPOINT'));
  const isOff = of('OTEL_SDK_DISABLED')?.toLowerCase() === 'true' || of('OTEL_TRACES_EXPORTER') === 'none';
  if (endpoint === null || isOff) return ok(null);
  if (!URL.canParse(endpoint) || !/^https?:$/.test(new URL(endpoint).protocol)) {
    return err('no traces are sent: the OTLP endpoint that is set is no http or https address');
  }
  if (ofTraces('PROTOCOL') === 'grpc') {
    return err(
      'no traces are sent: the OTLP protocol is set to grpc, and leptos-fast speaks http/json (port 4318 as a rule)',
    );
  }
  const timeout = Number(ofTraces('TIMEOUT') ?? DEFAULT_TIMEOUT_MS);
  const address = new URL(endpoint);
  const credentials = basicAuthorization(address);
  address.username = '';
  address.password = '';
  return ok({
    url: address.href,
    headers: {
      ...credentials,
      ...pairs(of('OTEL_EXPORTER_OTLP_HEADERS')),
      ...pairs(of('OTEL_EXPORTER_OTLP_TRACES_HEADERS')),
    },
    timeoutMs: timeout > 0 && Number.isFinite(timeout) ? timeout : DEFAULT_TIMEOUT_MS,
    resource: {
      'service.name': 'leptos-fast',
      ...pairs(of('OTEL_RESOURCE_ATTRIBUTES')),
      ...serviceName(of('OTEL_SERVICE_NAME')),
    },
  });
}

/** The signal's own endpoint is taken as it is; to the common one its path is added. */
function endpointOf(traces: string | undefined, common: string | undefined): string | null {
  if (traces !== undefined) return traces;
  return common === undefined ? null : `${common.replace(/\/+$/, '')}/v1/traces`;
}

const serviceName = (name: string | undefined): Record<string, string> =>
  name === undefined ? {} : { 'service.name': name };

/** `a=1,b=two%20words`: pairs of which the values are percent-encoded (W3C Baggage without properties). */
function pairs(text: string | undefined): Record<string, string> {
  const found = (text ?? '').split(',').flatMap((pair) => {
    const equals = pair.indexOf('=');
    const key = pair.slice(0, Math.max(0, equals)).trim();
    return key === '' ? [] : [[decode(key), decode(pair.slice(equals + 1).trim())] as const];
  });
  return Object.fromEntries(found);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** What an address says before its host; fetch takes it as a header alone. */
function basicAuthorization({ username, password }: URL): Record<string, string> {
  if (username === '' && password === '') return {};
  const plain = `${decode(username)}:${decode(password)}`;
  return { authorization: `Basic ${Buffer.from(plain).toString('base64')}` };
}

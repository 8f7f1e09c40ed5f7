import { isIPv4, isIPv6 } from 'node:net';

/**
 * How one kind of setting is read, in the manifest and in an environment variable. Both return `undefined` for a value
 * that cargo-leptos would refuse.
 */
export interface SettingType<T> {
  /** What is expected, for people. */
  readonly expected: string;
  /** A right value as it would stand in the manifest. */
  readonly example: string;
  fromToml(value: unknown): T | undefined;
  fromText(text: string): T | undefined;
}

export interface SocketAddress {
  /** An IP address, an IPv6 one without brackets. */
  readonly host: string;
  readonly port: number;
}

export const text: SettingType<string> = {
  expected: 'a string',
  example: '"…"',
  fromToml: (value) => (typeof value === 'string' ? value : undefined),
  fromText: (value) => value,
};

export const bool: SettingType<boolean> = {
  expected: 'true or false',
  example: 'true',
  fromToml: (value) => (typeof value === 'boolean' ? value : undefined),
  fromText: (value) => (value === 'true' ? true : value === 'false' ? false : undefined),
};

export const port: SettingType<number> = {
  expected: 'a port number from 0 to 65535',
  example: '3001',
  fromToml: (value) => integerUpTo(value, 65_535),
  fromText: (value) => (/^\+?\d+$/.test(value) ? integerUpTo(Number(value), 65_535) : undefined),
};

export const seconds: SettingType<number> = {
  expected: 'a whole number of seconds',
  example: '10',
  fromToml: (value) => integerUpTo(value, Number.MAX_SAFE_INTEGER),
  fromText: (value) => (/^\+?\d+$/.test(value) ? integerUpTo(Number(value), Number.MAX_SAFE_INTEGER) : undefined),
};

/** Rust's `SocketAddr`: a name such as `localhost` is none. */
export const socketAddress: SettingType<SocketAddress> = {
  expected: 'an IP address with a port, not a host name',
  example: '"127.0.0.1:3000"',
  fromToml: (value) => (typeof value === 'string' ? parseSocketAddress(value) : undefined),
  fromText: parseSocketAddress,
};

export const unixSignal: SettingType<string> = {
  expected: 'SIGINT or SIGTERM',
  example: '"SIGINT"',
  fromToml: (value) => (typeof value === 'string' ? unixSignal.fromText(value) : undefined),
  fromText: (value) => (/^(SIGINT|SIGTERM)$/i.test(value.trim()) ? value.trim().toUpperCase() : undefined),
};

export const textList: SettingType<readonly string[]> = {
  expected: 'an array of strings',
  example: '["…"]',
  fromToml: (value) => (isStringArray(value) ? value : undefined),
  fromText: (value) => value.split(',').map((part) => part.trim()),
};

const CHANGE_TYPES = ['bin-source', 'lib-source', 'asset', 'style', 'conf', 'additional'];

/** `watch-additional-files`: paths, or objects with `paths`; only the paths are kept. No variable sets it. */
export const watchedPaths: SettingType<readonly string[]> = {
  expected: `an array of paths, or of { paths = […], change-types = […] } with the change types ${CHANGE_TYPES.join(', ')}`,
  example: '["content"]',
  fromToml: (value) => {
    if (!Array.isArray(value)) return undefined;
    const paths = value.map(watchedEntry);
    return paths.includes(undefined) ? undefined : paths.flatMap((entry) => entry ?? []);
  },
  fromText: () => undefined,
};

function watchedEntry(entry: unknown): readonly string[] | undefined {
  if (typeof entry === 'string') return [entry];
  if (typeof entry !== 'object' || entry === null) return undefined;
  const { paths, extensions = [], 'change-types': changes } = entry as Record<string, unknown>;
  if (!isStringArray(paths) || !isStringArray(extensions) || !isStringArray(changes)) return undefined;
  return changes.every((change) => CHANGE_TYPES.includes(change)) ? paths : undefined;
}

function parseSocketAddress(value: string): SocketAddress | undefined {
  const v6 = /^\[([^\]%]+(?:%\d+)?)\]:(\d+)$/.exec(value);
  const v4 = /^([\d.]+):(\d+)$/.exec(value);
  const host = v6?.[1] ?? v4?.[1];
  const portNumber = integerUpTo(Number(v6?.[2] ?? v4?.[2]), 65_535);
  if (host === undefined || portNumber === undefined) return undefined;
  return (v6 ? isIPv6(host) : isIPv4(host)) ? { host, port: portNumber } : undefined;
}

function integerUpTo(value: unknown, limit: number): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= limit ? value : undefined;
}

function isStringArray(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

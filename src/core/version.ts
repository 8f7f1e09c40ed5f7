import { readFileSync } from 'node:fs';

/** This package's version, from the package.json that lies two folders above, in the sources and when installed. */
export function ownVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

/**
 * Is what is installed new enough?
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPO, SAMPLE_TEMPLATE } from './paths.mjs';
import { SetupError } from './process.mjs';

/** An old Node gets a sentence, and no stack trace from somewhere deep. */
export function checkNodeVersion() {
  const { engines } = JSON.parse(readFileSync(join(REPO, 'package.json'), 'utf8'));
  const wanted = engines.node.replace('>=', '');
  const { node } = process.versions;
  if (isOlder(node, wanted)) {
    throw new SetupError(`Node ${node} is too old`, `install Node ${wanted} or newer from https://nodejs.org`);
  }
}

/** The sample app says in its manifest what Rust it needs. Told before anything is compiled for minutes. */
export function checkRustVersion(version) {
  const manifest = readFileSync(join(SAMPLE_TEMPLATE, 'Cargo.toml'), 'utf8');
  const wanted = /^rust-version = "(.+)"/m.exec(manifest)?.[1] ?? '0';
  if (isOlder(version, wanted)) {
    throw new SetupError(`Rust ${version} is too old: the sample app needs ${wanted}`, 'rustup update');
  }
}

/** Compares `1.2.3` with `1.2`, number by number. */
function isOlder(version, wanted) {
  const [a, b] = [version, wanted].map((text) => text.split('.').map((part) => Number.parseInt(part, 10)));
  const different = b.findIndex((part, index) => part !== (a[index] ?? 0));
  return different !== -1 && (a[different] ?? 0) < b[different];
}

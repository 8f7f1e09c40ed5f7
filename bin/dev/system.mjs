/**
 * What kind of system this is, as far as an installer must know.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Tests hand in another one. */
export function thisSystem() {
  return { debian: isDebian(), root: process.getuid?.() === 0, aptDir: '/etc/apt' };
}

/** Debian itself: what derives from it has other archives, and Ubuntu's chromium package is a stub. */
function isDebian() {
  try {
    return /^ID="?debian"?$/m.test(readFileSync('/etc/os-release', 'utf8'));
  } catch {
    return false;
  }
}

/** The Debian archive that apt is set up with here, or undefined. Reads both forms: `*.list` and `*.sources`. */
export function debianMirror(aptDir) {
  const parts = join(aptDir, 'sources.list.d');
  const files = [join(aptDir, 'sources.list')];
  if (existsSync(parts)) files.push(...readdirSync(parts).map((name) => join(parts, name)));
  for (const file of files.filter((name) => /\.(list|sources)$/.test(name) && existsSync(name))) {
    for (const line of readFileSync(file, 'utf8').split('\n')) {
      const found = /^(?:deb\s|URIs:).*?(https?:\/\/\S+\/debian)\/?(?:\s|$)/.exec(line);
      if (found) return found[1];
    }
  }
  return undefined;
}

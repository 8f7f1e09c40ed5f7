import { printable } from '../../record/report/words.js';

/** `94 MB`. */
export function bytesText(bytes: number): string {
  const mega = bytes / 1e6;
  if (mega === 0) return '0 MB';
  return mega >= 1_000 ? `${(mega / 1_000).toFixed(2)} GB` : `${mega >= 10 ? mega.toFixed(0) : mega.toFixed(1)} MB`;
}

/** A path that is broken behind its folders, where it has to be broken. */
export function breakable(path: string): readonly (Node | string)[] {
  return printable(path)
    .split('/')
    .flatMap((part, index) => (index === 0 ? [part] : ['/', document.createElement('wbr'), part]));
}

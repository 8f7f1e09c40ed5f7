import { printable } from '../../record/report/words.js';

/** A path that is broken behind its folders, where it has to be broken. */
export function breakable(path: string): readonly (Node | string)[] {
  return printable(path)
    .split('/')
    .flatMap((part, index) => (index === 0 ? [part] : ['/', document.createElement('wbr'), part]));
}

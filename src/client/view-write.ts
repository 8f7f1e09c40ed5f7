/** Writes what a view patch says into the page, and takes it back where the app uses a node for something else. */
import { isEdited, type PatchElement, type PatchText } from '../patch/patch-nodes.js';
import { currentValue, type Finds, splitClasses } from './view-match.js';

/** One value of a node that is ours. `app`: what the app has there, as far as it knows. */
interface Written {
  readonly node: Node;
  /** The attribute; null for the text. */
  readonly name: string | null;
  readonly toggles: readonly string[];
  readonly app: string | null;
  readonly ours: string | null;
}

let written: readonly Written[] = [];

/** Whether a style is added with or without a semicolon depends on what is around it. */
export function isWritable(node: Node, pattern: PatchElement | PatchText): boolean {
  if ('t' in pattern || !(node instanceof Element)) return true;
  return pattern.a.every(([name, values]) => name !== 'style' || values.length === 1 || node.hasAttribute('style'));
}

/** Sets the newest values of what was edited. */
export function write(finds: Finds): void {
  for (const [node, pattern] of finds) {
    if (!isEdited(pattern)) continue;
    if ('t' in pattern) set(node, null, pattern.t, []);
    else for (const [name, values] of pattern.a) if (values.length > 1) set(node, name, values, pattern.c);
  }
}

/** Gives back what the app had in the nodes that are not to be kept, unless it has written there since. */
export function takeBack(isKept: (node: Node) => boolean): void {
  for (const one of written) {
    if (one.node.isConnected && !isKept(one.node) && isStillOurs(one)) put(one, one.ours, one.app);
  }
  written = written.filter((one) => one.node.isConnected && isKept(one.node));
}

function set(node: Node, name: string | null, values: readonly (string | null)[], toggles: readonly string[]): void {
  const before = read(node, name, values, toggles);
  const ours = values.at(-1) ?? null;
  if (before === undefined || before === ours) return;
  const earlier = written.find((one) => one.node === node && one.name === name && isStillOurs(one));
  const one: Written = { node, name, toggles, app: earlier ? earlier.app : before, ours };
  put(one, before, ours);
  written = [...written.filter((other) => other.node !== node || other.name !== name), one];
}

function isStillOurs({ node, name, toggles, ours }: Written): boolean {
  return read(node, name, [ours], toggles) !== undefined;
}

function read(
  node: Node,
  name: string | null,
  values: readonly (string | null)[],
  toggles: readonly string[],
): string | null | undefined {
  if (name === null) return values.find((value) => value === node.nodeValue);
  return node instanceof Element ? currentValue(node, name, values, toggles) : undefined;
}

/** Puts one value in the place of another. */
function put({ node, name, toggles }: Written, before: string | null, after: string | null): void {
  if (name === null) node.nodeValue = after;
  if (name === null || !(node instanceof Element)) return;
  if (name === 'class' && toggles.length > 0) {
    const added = splitClasses(node.getAttribute('class')).slice(splitClasses(before).length);
    node.setAttribute('class', [...splitClasses(after), ...added].join(' '));
  } else if (after === null) node.removeAttribute(name);
  else if (name === 'style' && node.getAttribute('style') !== before) node.setAttribute('style', `${after};`);
  else node.setAttribute(name, after);
}

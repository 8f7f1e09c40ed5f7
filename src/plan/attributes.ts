import { type Compilation, evaluate, type Predicate, parsePredicate, type Truth } from './cfg.js';

/** An attribute, taken apart: `#[server(name = X)]` has the path `server`. */
export interface Attribute {
  readonly path: string;
  /** What stands behind the path, brackets and all. */
  readonly args: string;
}

/** Attributes of rustc and its tools that change nothing of the tokens that they stand on. */
const BUILT_IN = new Set(
  (
    'allow automatically_derived cold default deny deprecated doc expect export_name forbid global_allocator ignore ' +
    'inline link link_name link_section macro_export macro_use must_use no_mangle non_exhaustive path proc_macro ' +
    'proc_macro_attribute proc_macro_derive repr should_panic target_feature test track_caller used warn'
  ).split(' '),
);
/** Macros that give a function's body back as it was, whatever stands in it, and whatever its doc comments say. */
const TRANSPARENT = new Set([
  'tokio::main',
  'actix_web::main',
  'async_trait',
  'async_trait::async_trait',
  'instrument',
  'tracing::instrument',
  'axum::debug_handler',
  'debug_handler',
]);
/** Derives that look at neither doc comments nor white space. */
const PLAIN_DERIVES = new Set(
  (
    'Clone Copy Debug Default Eq Hash Ord PartialEq PartialOrd Serialize Deserialize serde::Serialize serde::Deserialize ' +
    'Params Error thiserror::Error'
  ).split(' '),
);
/** Where Leptos 0.8 exports `#[server]` and `#[component]`. */
const LEPTOS_MODULES = ['leptos', 'leptos::prelude', 'leptos_macro'];

/** Takes the text between `#[` and `]` apart; null for what is no plain attribute. */
export function parseAttribute(text: string): Attribute | null {
  const found = /^\s*(?:::)?((?:\w+\s*::\s*)*\w+)\s*([\s\S]*)$/.exec(text);
  if (!found) return null;
  const [, path = '', args = ''] = found;
  return { path: path.replace(/\s+/g, ''), args: args.trim() };
}

/** The condition of a `cfg` attribute. */
export function cfgPredicate(attribute: Attribute): Predicate | null {
  return attribute.path === 'cfg' ? parsePredicate(inBrackets(attribute.args)) : null;
}

/** `cfg_attr(condition, a, b)`: what the condition is, and the attributes that it stands before. */
export function readCfgAttr(
  attribute: Attribute,
  compilations: readonly Compilation[],
): { readonly truth: Truth; readonly attributes: readonly (Attribute | null)[] } {
  const [condition = '', ...rest] = splitTopLevel(inBrackets(attribute.args));
  return { truth: evaluate(parsePredicate(condition), compilations), attributes: rest.map(parseAttribute) };
}

/** What an attribute does with the item below it. */
export type Effect =
  /** Nothing that reaches the tokens. */
  | 'none'
  /** The body is on the server alone. */
  | 'server-function'
  /** Derives: they see the item without what `cfg` takes away, and only add to it. */
  | 'derive'
  /** Unknown: it may do anything with every token. */
  | 'opaque';

/**
 * @param isLeptos whether a bare name (`server`, `component`) is the one of Leptos where the attribute stands
 */
export function effectOf(attribute: Attribute, isLeptos: (name: string) => boolean): Effect {
  const { path, args } = attribute;
  if (path === 'derive') {
    const derives = splitTopLevel(inBrackets(args)).map((name) => name.replace(/\s+/g, '').replace(/^::/, ''));
    return derives.every((name) => PLAIN_DERIVES.has(name)) ? 'none' : 'derive';
  }
  if (path === 'cfg' || BUILT_IN.has(path) || TRANSPARENT.has(path)) return 'none';
  if (/^(rustfmt|clippy|diagnostic)::/.test(path)) return 'none';
  const [, module, name = path] = /^(.*)::(\w+)$/.exec(path) ?? [];
  const ofLeptos = module === undefined ? isLeptos(name) : LEPTOS_MODULES.includes(module);
  if (ofLeptos && name === 'component') return 'none';
  if (ofLeptos && name === 'server') return 'server-function';
  return 'opaque';
}

/** True for macros without an effect of their own that still get the item with every attribute behind theirs. */
export function readsItem({ path }: Attribute): boolean {
  return TRANSPARENT.has(path) || /(^|::)component$/.test(path);
}

/** Is this path one of those that Leptos exports the macro under? */
export function isLeptosPath(path: string, name: string): boolean {
  return LEPTOS_MODULES.some((module) => path === `${module}::${name}`);
}

/** Does this glob bring the macros of Leptos? */
export function isLeptosGlob(path: string): boolean {
  return LEPTOS_MODULES.some((module) => path === `${module}::*`);
}

/** Takes `use a::{b, c::*, d as e}` (without `use` and `;`) apart: `a::b`, `a::c::*`, `a::d as e`. */
export function usedPaths(tree: string): string[] {
  const text = tree
    .trim()
    .replace(/\s*::\s*/g, '::')
    .replace(/^::/, '');
  const open = text.indexOf('{');
  if (open < 0) return text === '' ? [] : [text];
  const prefix = text.slice(0, open);
  return splitTopLevel(text.slice(open + 1, text.lastIndexOf('}'))).flatMap((part) =>
    usedPaths(part).map((path) => (path === 'self' ? prefix.replace(/::$/, '') : prefix + path)),
  );
}

function inBrackets(args: string): string {
  return /^\(([\s\S]*)\)$/.exec(args)?.[1] ?? '';
}

/** Splits at the commas that stand in no bracket and no string. */
function splitTopLevel(text: string): string[] {
  const parts: string[] = [];
  let part = '';
  let depth = 0;
  for (const [piece] of text.matchAll(/"(?:[^"\\]|\\.)*"|[\s\S]/g)) {
    if ('([{'.includes(piece)) depth += 1;
    else if (')]}'.includes(piece)) depth -= 1;
    if (piece === ',' && depth === 0) {
      parts.push(part);
      part = '';
    } else part += piece;
  }
  parts.push(part);
  return parts.filter((found) => found.trim() !== '');
}

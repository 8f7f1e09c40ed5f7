/** One compilation of a package for a side: what `cfg` sees. A package may have several, as a library and as a binary. */
export interface Compilation {
  /** The package's features, as cargo tells them of the finished artifact. */
  readonly features: ReadonlySet<string>;
  /** For wasm32-unknown-unknown, not for the machine that builds. */
  readonly isWasm: boolean;
}

/** A condition as it stands in `#[cfg(…)]`. */
export type Predicate =
  | { readonly kind: 'all' | 'any'; readonly of: readonly Predicate[] }
  | { readonly kind: 'not'; readonly of: Predicate }
  | { readonly kind: 'flag'; readonly name: string; readonly value: string | null }
  | { readonly kind: 'unknown' };

/** What is certain of a condition; `null` is "cannot be told". */
export type Truth = boolean | null;

const LEXEME = /\s+|[A-Za-z_]\w*|"[^"\\]*"|[(),=]|./gsu;

/** Reads a condition; whatever it does not understand is `unknown`, never wrong. */
export function parsePredicate(text: string): Predicate {
  const lexemes = (text.match(LEXEME) ?? []).filter((lexeme) => lexeme.trim() !== '');
  let at = 0;
  const list = (): Predicate[] => {
    const found: Predicate[] = [];
    at += 1;
    while (at < lexemes.length && lexemes[at] !== ')') {
      found.push(one());
      if (lexemes[at] === ',') at += 1;
      else if (lexemes[at] !== ')') return [...found, { kind: 'unknown' }];
    }
    at += 1;
    return found;
  };
  const one = (): Predicate => {
    const name = lexemes[at++] ?? '';
    if (lexemes[at] === '(') {
      const of = list();
      if (name === 'all' || name === 'any') return { kind: name, of };
      const [only] = of;
      return name === 'not' && only && of.length === 1 ? { kind: 'not', of: only } : { kind: 'unknown' };
    }
    if (!/^\w+$/.test(name)) return { kind: 'unknown' };
    if (lexemes[at] !== '=') return { kind: 'flag', name, value: null };
    const value = lexemes[at + 1] ?? '';
    at += 2;
    return value.startsWith('"') ? { kind: 'flag', name, value: value.slice(1, -1) } : { kind: 'unknown' };
  };
  const predicate = one();
  return at >= lexemes.length ? predicate : { kind: 'unknown' };
}

/** What a condition is in every one of the compilations; `null` where they differ, or where there is none. */
export function evaluate(predicate: Predicate, compilations: readonly Compilation[]): Truth {
  const [first, ...others] = compilations.map((compilation) => truth(predicate, compilation));
  return first !== undefined && others.every((other) => other === first) ? first : null;
}

function truth(predicate: Predicate, compilation: Compilation): Truth {
  switch (predicate.kind) {
    case 'all':
      return combine(predicate.of, compilation, false);
    case 'any':
      return combine(predicate.of, compilation, true);
    case 'not': {
      const inner = truth(predicate.of, compilation);
      return inner === null ? null : !inner;
    }
    case 'flag':
      return flag(predicate.name, predicate.value, compilation);
    case 'unknown':
      return null;
  }
}

/** `all` is decided by one false part, `any` by one true part. */
function combine(parts: readonly Predicate[], compilation: Compilation, decisive: boolean): Truth {
  const truths = parts.map((part) => truth(part, compilation));
  if (truths.includes(decisive)) return decisive;
  return truths.includes(null) ? null : !decisive;
}

function flag(name: string, value: string | null, { features, isWasm }: Compilation): Truth {
  if (value === null) {
    // `cargo build` compiles no tests.
    if (name === 'test') return false;
    return isWasm && (name === 'unix' || name === 'windows') ? false : null;
  }
  switch (name) {
    case 'feature':
      return features.has(value);
    case 'target_arch':
      return isWasm || value === 'wasm32' ? isWasm && value === 'wasm32' : null;
    case 'target_family':
      return isWasm || value === 'wasm' ? isWasm && value === 'wasm' : null;
    case 'target_os':
      return isWasm ? value === 'unknown' : null;
    default:
      return null;
  }
}

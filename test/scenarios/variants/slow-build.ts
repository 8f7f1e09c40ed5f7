import { type Files, replace, type Variant, variant } from './variant.js';

/** Builds take some seconds longer on both sides, so that there is a middle to save in. */
export const slowBuild: Variant = variant('slow-build', (files) =>
  addSlowModule(files, 'any(feature = "ssr", feature = "hydrate")', 1),
);

/** The front's build alone takes longer: the server's is through before it. */
export const slowFront: Variant = variant('slow-front', (files) => addSlowModule(files, 'feature = "hydrate"', 3));

/**
 * The compiler runs this loop while it compiles; it reads the text, so that an edit of the text runs it again.
 * Several short ones, since rustc warns about a long one.
 */
function addSlowModule(files: Files, condition: string, times: number): void {
  replace(files, 'src/lib.rs', 'pub mod text;', `#[cfg(${condition})]\npub mod slow;\npub mod text;`);
  const loops = Array.from({ length: times }, (_, n) => `pub const SPUN_${n}: u32 = spin(crate::text::TEXT, ${n});\n`);
  files.set('src/slow.rs', SPIN + loops.join(''));
}

const SPIN = `const fn spin(text: &str, start: u32) -> u32 {
    let bytes = text.as_bytes();
    let mut hash = start;
    let mut step = 0;
    while step < 400_000 {
        hash = hash.wrapping_mul(31) ^ bytes[step as usize % bytes.len()] as u32;
        step += 1;
    }
    hash
}

`;

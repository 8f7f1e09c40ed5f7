import { type Files, replace, type Variant, variant } from './variant.js';

/** 500 small modules below src/many, none of which the view uses. */
export const manyModules: Variant = variant('many-modules', (files) => addModules(files, 500));

/** 5,000 of them. */
export const thousandsOfModules: Variant = variant('thousands', (files) => addModules(files, 5_000));

/** The text of module `n` in its edition `edition`. */
export function moduleText(n: number, edition: number): string {
  return `pub fn value() -> u32 {\n    ${n + edition}\n}\n`;
}

/** The file of module `n`. */
export function moduleFile(n: number): string {
  return `src/many/group_${Math.floor(n / 100)}/m_${n}.rs`;
}

function addModules(files: Files, count: number): void {
  const groups: string[] = [];
  for (let first = 0; first < count; first += 100) {
    const group = `group_${first / 100}`;
    groups.push(group);
    const modules = Array.from({ length: 100 }, (_, index) => `pub mod m_${first + index};\n`);
    files.set(`src/many/${group}/mod.rs`, modules.join(''));
    for (let n = first; n < first + 100; n += 1) files.set(moduleFile(n), moduleText(n, 0));
  }
  files.set('src/many/mod.rs', groups.map((group) => `pub mod ${group};\n`).join(''));
  replace(files, 'src/lib.rs', 'pub mod pages;', 'pub mod many;\npub mod pages;');
}

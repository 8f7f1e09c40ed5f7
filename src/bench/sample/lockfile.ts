/** The entry of a crate in a Cargo.lock, as cargo 1.95 writes it. */
interface Entry {
  readonly name: string;
  readonly text: string;
}

/** A crate of the project itself and what it depends on, in the words of the lockfile. */
export interface OwnCrate {
  readonly name: string;
  /** Undefined: everything that the crate of the template depends on. */
  readonly dependencies?: readonly string[];
}

/** Puts other crates into a Cargo.lock in place of one, in cargo's order, so that `cargo --locked` has nothing to change. */
export function withOwnCrates(lockfile: string, template: string, crates: readonly OwnCrate[]): string {
  const [head = '', ...blocks] = lockfile.trimEnd().split('\n\n[[package]]\n');
  const entries = blocks.map((text): Entry => ({ name: /^name = "(.+)"$/m.exec(text)?.[1] ?? '', text }));
  const own = entries.find(({ name }) => name === template);
  if (!own) throw new Error(`the sample app's Cargo.lock has no ${template}`);
  const replaced = crates.map(({ name, dependencies }): Entry => {
    const renamed = own.text.replace(`"${template}"`, `"${name}"`);
    return { name, text: dependencies ? renamed.replace(/\[\n[^\]]*\]/, listOf(dependencies)) : renamed };
  });
  const all = [...entries.filter((entry) => entry !== own), ...replaced];
  // Entries of one name stay in the order of their versions: the sort is stable.
  const sorted = all.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  return `${[head, ...sorted.map(({ text }) => text)].join('\n\n[[package]]\n')}\n`;
}

function listOf(names: readonly string[]): string {
  return `[\n${[...names]
    .sort()
    .map((name) => ` "${name}",\n`)
    .join('')}]`;
}

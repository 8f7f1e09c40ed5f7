/** What stands in an editable element, as data: it becomes nodes again without any HTML being parsed. */
export type RichText =
  | string
  | { readonly tag: string; readonly attributes: [string, string][]; readonly inside: RichText[] };

/** The text and elements below a node. */
export function richTextOf(parent: Node): RichText[] {
  return [...parent.childNodes].flatMap((node): RichText[] => {
    if (node instanceof Text) return [node.data];
    if (!(node instanceof HTMLElement) || node instanceof HTMLScriptElement) return [];
    const attributes = [...node.attributes].map(({ name, value }): [string, string] => [name, value]);
    const harmless = attributes.filter(([name]) => !name.startsWith('on'));
    return [{ tag: node.localName, attributes: harmless, inside: richTextOf(node) }];
  });
}

/** The same as nodes. */
export function richTextNodes(texts: readonly RichText[]): Node[] {
  return texts.map((text) => {
    if (typeof text === 'string') return document.createTextNode(text);
    const element = document.createElement(text.tag);
    for (const [name, value] of text.attributes) element.setAttribute(name, value);
    element.append(...richTextNodes(text.inside));
    return element;
  });
}

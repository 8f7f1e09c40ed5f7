/** Elements in which a changed text or attribute has effects beyond what is seen, or whose text HTML reads differently. */
const OPAQUE_TAGS = new Set(
  (
    'html head body title base link meta style script noscript template iframe object embed textarea pre listing ' +
    'plaintext xmp math select frameset'
  ).split(' '),
);

/** HTML moves text out of these. */
const NO_TEXT_TAGS = new Set('table thead tbody tfoot tr colgroup'.split(' '));

/** Attributes that are more than a value: they start something, hold state that the user changes, or name a secret. */
const OPAQUE_ATTRIBUTES = new Set(
  (
    'inner_html node_ref nonce srcdoc src srcset type value checked selected open muted autoplay autofocus multiple ' +
    'is slot popover form method action enctype as async loop integrity crossorigin'
  ).split(' '),
);

/** Components of Leptos that are one element around their children, whatever the props are. */
const KNOWN_COMPONENTS = new Map([
  ['A', 'a'],
  ['Form', 'form'],
  ['ActionForm', 'form'],
  ['MultiActionForm', 'form'],
]);

/** True when nothing in this element is patched. */
export function isOpaqueTag(tag: string): boolean {
  return OPAQUE_TAGS.has(tag);
}

export function mayHoldText(tag: string): boolean {
  return !NO_TEXT_TAGS.has(tag);
}

/** Whether the name in `view!` is the attribute's name in the page, and setting it is all that the attribute does. */
export function isPlainAttribute(name: string, tag: string): boolean {
  if (!/^[a-zA-Z][a-zA-Z0-9]*(-[a-zA-Z0-9]+)*$/.test(name) || /^on/i.test(name)) return false;
  return !OPAQUE_ATTRIBUTES.has(name) || (tag === 'img' && (name === 'src' || name === 'srcset'));
}

/** The element that the component is, or null. */
export function knownComponent(name: string): string | null {
  return KNOWN_COMPONENTS.get(name) ?? null;
}

/**
 * A `view!` as far as it is certain what it renders. Everything else is a hole, which may render any nodes or none.
 */
export type TemplateNode = TemplateText | TemplateElement | TemplateHole;

/** One text node. */
export interface TemplateText {
  readonly kind: 'text';
  readonly value: string;
}

export interface TemplateElement {
  readonly kind: 'element';
  readonly tag: string;
  /** Attributes whose whole value is known: from a string literal. */
  readonly attributes: ReadonlyMap<string, string>;
  /** Attributes that something sets, and nobody knows to what. `class` only when even its parts are not known. */
  readonly dynamic: ReadonlySet<string>;
  /** Classes that `class:name` may add to those of `class`. */
  readonly toggles: readonly string[];
  /** May have attributes that are not in this list: `{..attrs}`, or `attr:` on the component whose root this is. */
  readonly open: boolean;
  /** Its content is HTML that is not known: `inner_html`. */
  readonly raw: boolean;
  readonly children: readonly TemplateNode[];
}

/** A component or an expression. */
export interface TemplateHole {
  readonly kind: 'hole';
  /** What stands between the tags of a component: it may render that anywhere within, once, often or not at all. */
  readonly inner: readonly TemplateNode[] | null;
  /** The component's name, without its path. */
  readonly component?: string;
  /** `{children()}`. */
  readonly children?: true;
}

/** One `view!`. */
export interface View {
  /** Where the macro is called: leptos names its marker after it. From 1. */
  readonly line: number;
  readonly nodes: readonly TemplateNode[];
  /** The component that always renders this view and nothing else. */
  readonly component: string | null;
}

/** What a Rust file says about views. */
export interface ViewSource {
  /** The file without what a patch can change. Two texts with the same skeleton differ in nothing else. */
  readonly skeleton: string;
  /** In the order of the text; those within other views behind these. */
  readonly views: readonly View[];
  /** How often each string literal occurs. */
  readonly literals: ReadonlyMap<string, number>;
  /** Elements that the file makes in ways that are not understood; `*` for any. */
  readonly otherTags: ReadonlySet<string>;
}

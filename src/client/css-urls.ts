import { rulesOf } from './style-swap.js';

/** Gives the URL that is to stand in place of one; null to leave it. `base` is what it is relative to. */
export type ReplaceUrl = (url: string, base: string) => string | null;

const URLS = /url\(\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|([^\s"')]+))\s*\)/g;

/** Replaces the URLs in all stylesheets of the document that are open to it. Returns how many were replaced. */
export function replaceUrlsInSheets(replace: ReplaceUrl): number {
  const sheets = [...document.styleSheets, ...document.adoptedStyleSheets];
  return sheets.reduce((count, sheet) => count + inRules(sheet, baseOf(sheet), replace), 0);
}

/** The same in one style declaration, such as an element's own. */
export function replaceUrlsInStyle(style: CSSStyleDeclaration, base: string, replace: ReplaceUrl): number {
  let count = 0;
  for (const property of [...style]) {
    const before = style.getPropertyValue(property);
    const after = inText(before, base, replace);
    if (after === before) continue;
    style.setProperty(property, after, style.getPropertyPriority(property));
    count += 1;
  }
  return count;
}

function inRules(owner: CSSStyleSheet | CSSGroupingRule, base: string, replace: ReplaceUrl): number {
  return rulesOf(owner).reduce((count, rule, index) => count + inRule(owner, rule, index, base, replace), 0);
}

function inRule(
  owner: CSSStyleSheet | CSSGroupingRule,
  rule: CSSRule,
  index: number,
  base: string,
  replace: ReplaceUrl,
): number {
  if (rule instanceof CSSImportRule) {
    return rule.styleSheet ? inRules(rule.styleSheet, baseOf(rule.styleSheet), replace) : 0;
  }
  if (rule instanceof CSSFontFaceRule) return inFontFace(owner, rule, index, base, replace);
  let count = 0;
  if (rule instanceof CSSStyleRule || rule instanceof CSSKeyframeRule) {
    count += replaceUrlsInStyle(rule.style, base, replace);
  }
  if (rule instanceof CSSKeyframesRule) {
    for (const frame of rule.cssRules) count += inRule(owner, frame, 0, base, replace);
  } else if (rule instanceof CSSGroupingRule || rule instanceof CSSStyleRule) {
    count += inRules(rule as CSSGroupingRule, base, replace);
  }
  return count;
}

/** A font is loaded anew only for a new rule. */
function inFontFace(
  owner: CSSStyleSheet | CSSGroupingRule,
  rule: CSSFontFaceRule,
  index: number,
  base: string,
  replace: ReplaceUrl,
): number {
  const after = inText(rule.cssText, base, replace);
  if (after === rule.cssText) return 0;
  owner.deleteRule(index);
  owner.insertRule(after, index);
  return 1;
}

function inText(text: string, base: string, replace: ReplaceUrl): string {
  return text.replaceAll(URLS, (whole, double?: string, single?: string, bare?: string) => {
    const url = (double ?? single ?? bare ?? '').replaceAll(/\\(.)/g, '$1');
    const replaced = replace(url, base);
    return replaced === null ? whole : `url("${replaced}")`;
  });
}

function baseOf(sheet: CSSStyleSheet): string {
  return sheet.href ?? document.baseURI;
}

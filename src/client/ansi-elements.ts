import { type AnsiColour, type AnsiSpan, parseAnsi } from './ansi.js';
import { make } from './elements.js';

/** What a tool printed for a terminal as elements; the sixteen colours are classes, so that they fit the page's scheme. */
export function ansiElements(text: string): Node[] {
  return parseAnsi(text).map(element);
}

function element({ text, style }: AnsiSpan): Node {
  const foreground = style.inverse ? style.background : style.foreground;
  const background = style.inverse ? style.foreground : style.background;
  const classes = (['bold', 'dim', 'italic', 'underline'] as const).filter((name) => style[name]).map(String);
  if (style.inverse) classes.push('inverse');
  classes.push(...className('fg', foreground), ...className('bg', background));
  const colours = [foreground, background].some((colour) => colour?.kind === 'rgb');
  if (classes.length === 0 && !colours) return document.createTextNode(text);
  const span = make('span', { class: classes.join(' ') }, text);
  // Through the CSSOM: a strict CSP forbids the attribute.
  if (foreground?.kind === 'rgb') span.style.color = foreground.css;
  if (background?.kind === 'rgb') span.style.backgroundColor = background.css;
  return span;
}

function className(prefix: string, colour: AnsiColour | null): string[] {
  return colour?.kind === 'named' ? [`${prefix}-${colour.number}`] : [];
}

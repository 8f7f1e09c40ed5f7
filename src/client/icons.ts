const SVG = 'http://www.w3.org/2000/svg';

const LINES = {
  previous: 'M10 3 5 8l5 5',
  next: 'm6 3 5 5-5 5',
  close: 'm4 4 8 8m0-8-8 8',
} as const;

/** A drawing of 16 px in the colour of the text. */
export function icon(name: keyof typeof LINES): SVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 16 16');
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', LINES[name]);
  svg.append(path);
  return svg;
}

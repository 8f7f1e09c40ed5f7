/** The sixteen colours by number: 0 to 7, and bright 8 to 15. `rgb` is a CSS colour. */
export type AnsiColour =
  | { readonly kind: 'named'; readonly number: number }
  | { readonly kind: 'rgb'; readonly css: string };

export interface AnsiStyle {
  readonly bold: boolean;
  readonly dim: boolean;
  readonly italic: boolean;
  readonly underline: boolean;
  readonly inverse: boolean;
  readonly foreground: AnsiColour | null;
  readonly background: AnsiColour | null;
}

export interface AnsiSpan {
  readonly text: string;
  readonly style: AnsiStyle;
}

const PLAIN: AnsiStyle = {
  bold: false,
  dim: false,
  italic: false,
  underline: false,
  inverse: false,
  foreground: null,
  background: null,
};

const SWITCHES: Readonly<Record<number, Partial<AnsiStyle>>> = {
  0: PLAIN,
  1: { bold: true },
  2: { dim: true },
  3: { italic: true },
  4: { underline: true },
  7: { inverse: true },
  22: { bold: false, dim: false },
  23: { italic: false },
  24: { underline: false },
  27: { inverse: false },
  39: { foreground: null },
  49: { background: null },
};

// CSI sequences (SGR among them), OSC sequences such as links, and what else begins with an escape.
// biome-ignore lint/suspicious/noControlCharactersInRegex: escapes are what this is about.
const ESCAPES = /\u001b\[([0-9;:]*)([@-~])|\u001b\].*?(?:\u0007|\u001b\\)|\u001b[ -/]*[0-~]?/gs;

/** Splits what a tool printed for a terminal into texts of one style each (ECMA-48 SGR); other escapes are dropped. */
export function parseAnsi(text: string): AnsiSpan[] {
  const spans: AnsiSpan[] = [];
  let style = PLAIN;
  let end = 0;
  for (const found of text.matchAll(ESCAPES)) {
    push(spans, text.slice(end, found.index), style);
    end = found.index + found[0].length;
    if (found[2] === 'm') style = afterCodes(style, found[1] ?? '');
  }
  push(spans, text.slice(end), style);
  return spans;
}

function push(spans: AnsiSpan[], text: string, style: AnsiStyle): void {
  if (text !== '') spans.push({ text, style });
}

function afterCodes(before: AnsiStyle, parameters: string): AnsiStyle {
  const codes = parameters.split(/[;:]/).map(Number);
  let style = before;
  for (let index = 0; index < codes.length; index += 1) {
    const code = codes[index] ?? 0;
    if (code === 38 || code === 48) {
      const { colour, taken } = extendedColour(codes.slice(index + 1));
      style = { ...style, [code === 38 ? 'foreground' : 'background']: colour };
      index += taken;
    } else {
      style = { ...style, ...(SWITCHES[code] ?? simpleColour(code)) };
    }
  }
  return style;
}

function simpleColour(code: number): Partial<AnsiStyle> {
  if (code >= 30 && code <= 37) return { foreground: named(code - 30) };
  if (code >= 90 && code <= 97) return { foreground: named(code - 90 + 8) };
  if (code >= 40 && code <= 47) return { background: named(code - 40) };
  if (code >= 100 && code <= 107) return { background: named(code - 100 + 8) };
  return {};
}

function extendedColour([mode, first = 0, second = 0, third = 0]: number[]): {
  colour: AnsiColour | null;
  taken: number;
} {
  if (mode === 5) return { colour: ofPalette(first), taken: 2 };
  if (mode === 2) return { colour: rgb(first, second, third), taken: 4 };
  return { colour: null, taken: 1 };
}

/** xterm's palette: the sixteen, a cube of 6 × 6 × 6, and 24 greys. */
function ofPalette(index: number): AnsiColour {
  if (index < 16) return named(index);
  if (index >= 232) {
    const grey = 8 + (index - 232) * 10;
    return rgb(grey, grey, grey);
  }
  const level = (part: number) => (part === 0 ? 0 : 55 + part * 40);
  const cube = index - 16;
  return rgb(level(Math.floor(cube / 36)), level(Math.floor(cube / 6) % 6), level(cube % 6));
}

function named(number: number): AnsiColour {
  return { kind: 'named', number };
}

function rgb(red: number, green: number, blue: number): AnsiColour {
  return { kind: 'rgb', css: `rgb(${red}, ${green}, ${blue})` };
}

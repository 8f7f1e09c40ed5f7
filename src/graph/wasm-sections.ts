/** A section of a wasm file and its bytes, with the header. */
export interface WasmSection {
  /** `code`, `data`, …; a custom one by its own name, such as `name`. */
  readonly name: string;
  readonly custom: boolean;
  readonly bytes: number;
}

/** A function and the bytes of its body. */
export interface WasmFunction {
  /** From the names section, as it stands there. Null when that has none for it. */
  readonly name: string | null;
  readonly bytes: number;
}

export interface WasmContents {
  readonly bytes: number;
  readonly sections: readonly WasmSection[];
  readonly functions: readonly WasmFunction[];
  /** The file's bytes without its custom sections. */
  readonly stripped: Uint8Array;
}

/** By their numbers: https://webassembly.github.io/spec/core/binary/modules.html#sections */
const SECTION_NAMES = [
  'custom',
  'type',
  'import',
  'function',
  'table',
  'memory',
  'global',
  'export',
  'start',
  'element',
  'code',
  'data',
  'data count',
  'tag',
];
const HEADER_BYTES = 8;
const IMPORTED_FUNCTION = 0;
const FUNCTION_NAMES = 1;

/** Takes a wasm file apart. Returns what is wrong with it, as text, where it is none or torn. */
export function readWasm(file: Uint8Array): WasmContents | string {
  if (Buffer.from(file.subarray(0, 4)).toString('latin1') !== '\0asm') return 'it does not begin as a wasm file does';
  try {
    return takeApart(file);
  } catch (error) {
    if (error instanceof RangeError) return 'it ends in the middle of a section';
    throw error;
  }
}

function takeApart(file: Uint8Array): WasmContents {
  const sections: WasmSection[] = [];
  const kept: Uint8Array[] = [file.subarray(0, HEADER_BYTES)];
  let imported = 0;
  let bodies: readonly number[] = [];
  let names: ReadonlyMap<number, string> = new Map();
  const reader = new Reader(file, HEADER_BYTES);
  while (!reader.isAtEnd) {
    const start = reader.at;
    const id = reader.byte();
    const size = reader.number();
    const content = reader.part(size);
    const whole = file.subarray(start, reader.at);
    if (id === 0) {
      const name = content.text();
      sections.push({ name, custom: true, bytes: whole.length });
      if (name === 'name') names = functionNames(content);
      continue;
    }
    kept.push(whole);
    const name = SECTION_NAMES[id] ?? `section ${id}`;
    sections.push({ name, custom: false, bytes: whole.length });
    if (name === 'import') imported = importedFunctions(content);
    if (name === 'code') bodies = Array.from({ length: content.number() }, () => content.skipSized());
  }
  const functions = bodies.map((bytes, index) => ({ name: names.get(imported + index) ?? null, bytes }));
  return { bytes: file.length, sections, functions, stripped: Buffer.concat(kept) };
}

function functionNames(content: Reader): ReadonlyMap<number, string> {
  const names = new Map<number, string>();
  while (!content.isAtEnd) {
    const kind = content.byte();
    const part = content.part(content.number());
    if (kind !== FUNCTION_NAMES) continue;
    for (let left = part.number(); left > 0; left -= 1) names.set(part.number(), part.text());
  }
  return names;
}

/** Functions are numbered with the imported ones first. */
function importedFunctions(content: Reader): number {
  let functions = 0;
  for (let left = content.number(); left > 0; left -= 1) {
    content.text();
    content.text();
    const kind = content.byte();
    if (kind === IMPORTED_FUNCTION) {
      functions += 1;
      content.number();
    } else if (kind === 1) {
      content.byte();
      content.limits();
    } else if (kind === 2) content.limits();
    else if (kind === 3) content.part(2);
    else {
      content.byte();
      content.number();
    }
  }
  return functions;
}

/** Reads the numbers and texts of the format; a RangeError where there is nothing left to read. */
class Reader {
  readonly #bytes: Uint8Array;
  at: number;

  constructor(bytes: Uint8Array, at = 0) {
    this.#bytes = bytes;
    this.at = at;
  }

  get isAtEnd(): boolean {
    return this.at >= this.#bytes.length;
  }

  byte(): number {
    const value = this.#bytes[this.at];
    if (value === undefined) throw new RangeError('no more bytes');
    this.at += 1;
    return value;
  }

  /** An unsigned LEB128 number. */
  number(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.byte();
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
    }
  }

  text(): string {
    return Buffer.from(this.part(this.number()).#bytes).toString('utf8');
  }

  part(size: number): Reader {
    if (this.at + size > this.#bytes.length) throw new RangeError('no more bytes');
    const part = new Reader(this.#bytes.subarray(this.at, this.at + size));
    this.at += size;
    return part;
  }

  limits(): void {
    const flags = this.byte();
    this.number();
    if ((flags & 1) === 1) this.number();
  }

  /** Passes over something with its size in front; returns the bytes of both. */
  skipSized(): number {
    const start = this.at;
    this.part(this.number());
    return this.at - start;
  }
}

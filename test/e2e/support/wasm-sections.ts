import { createHash } from 'node:crypto';

/** What a wasm does, as a hash for each section by its id; names, producers and debug info are left out. */
export function meaningOfWasm(wasm: Uint8Array): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (let at = 8; at < wasm.length; ) {
    const id = wasm[at] ?? 0;
    const [size, start] = readLeb(wasm, at + 1);
    const content = wasm.subarray(start, start + size);
    at = start + size;
    const name = id === 0 ? customName(content) : String(id);
    // wasm-bindgen's description of imports and exports decides what the JavaScript is.
    if (id === 0 && !name.startsWith('__wasm_bindgen')) continue;
    found.set(name, createHash('sha1').update(content).digest('hex'));
  }
  return found;
}

function customName(content: Uint8Array): string {
  const [length, start] = readLeb(content, 0);
  return Buffer.from(content.subarray(start, start + length)).toString();
}

function readLeb(bytes: Uint8Array, start: number): readonly [value: number, end: number] {
  let value = 0;
  for (let at = start, shift = 0; ; at += 1, shift += 7) {
    const byte = bytes[at] ?? 0;
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return [value, at + 1];
  }
}

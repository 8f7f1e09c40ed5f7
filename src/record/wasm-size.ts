import { type FileHandle, open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { LeptosConfig } from '../project/model.js';
import type { WasmSize } from './build-record.js';

/** `\0asm` and the version; then come the sections (webassembly.github.io/spec/core/binary/modules.html). */
const HEADER_BYTES = 8;
const MAGIC = 0x6d736100;
/** A section's id, its length and, of a custom one, its name; names that matter are short. */
const HEAD_BYTES = 64;
const CUSTOM = 0;
/** More sections than any module has: what has them is none. */
const MAX_SECTIONS = 1_000;

/**
 * Sizes of a wasm file as rustc made it; empty when it is none. Reads the heads of its sections only: with debug info it has hundreds
 * of megabytes, and it is looked at after each save.
 */
export async function builtWasmSize(path: string): Promise<WasmSize> {
  if (!path.endsWith('.wasm')) return {};
  const file = await open(path).catch(() => null);
  if (!file) return {};
  try {
    const { size } = await file.stat();
    return { built: size, ...(await customSections(file, size)) };
  } catch {
    return {};
  } finally {
    await file.close();
  }
}

type SiteConfig = Pick<LeptosConfig, 'siteRoot' | 'sitePkgDir' | 'outputName' | 'hashFiles'>;

/** Size (bytes) of the wasm that pages load; null when it is not there. */
export async function servedWasmSize(config: SiteConfig): Promise<number | null> {
  return (await servedWasm(config))?.size ?? null;
}

/** The wasm that pages load, by its path and its size in bytes; null when it is not there. */
export async function servedWasm(config: SiteConfig): Promise<{ readonly path: string; readonly size: number } | null> {
  const folder = join(config.siteRoot, config.sitePkgDir);
  const names = config.hashFiles ? await readdir(folder).catch(() => []) : [`${config.outputName}.wasm`];
  const own = names.filter((name) => name.startsWith(`${config.outputName}.`) && name.endsWith('.wasm'));
  const found = await Promise.all(
    own.map(async (name) => {
      const path = join(folder, name);
      const stats = await stat(path).catch(() => null);
      return stats && { path, size: stats.size, mtimeMs: stats.mtimeMs };
    }),
  );
  return found.flatMap((file) => file ?? []).sort((a, b) => b.mtimeMs - a.mtimeMs)[0] ?? null;
}

async function customSections(file: FileHandle, size: number): Promise<WasmSize> {
  const head = Buffer.alloc(HEAD_BYTES);
  await file.read(head, 0, HEADER_BYTES, 0);
  if (head.readUInt32LE(0) !== MAGIC) return {};
  let debugInfo = 0;
  let names = 0;
  let at = HEADER_BYTES;
  for (let count = 0; at < size && count < MAX_SECTIONS; count++) {
    const { bytesRead } = await file.read(head, 0, HEAD_BYTES, at);
    const length = readVarUint(head.subarray(0, bytesRead), 1);
    if (!length) return {};
    const start = length.next;
    if (head[0] === CUSTOM) {
      const name = sectionName(head.subarray(0, bytesRead), start);
      if (name.startsWith('.debug_')) debugInfo += length.value;
      if (name === 'name') names += length.value;
    }
    at += start + length.value;
  }
  return { debugInfo, names };
}

function sectionName(head: Buffer, at: number): string {
  const length = readVarUint(head, at);
  return length ? head.toString('latin1', length.next, length.next + length.value) : '';
}

/** LEB128, of at most 32 bits. */
function readVarUint(bytes: Buffer, from: number): { readonly value: number; readonly next: number } | null {
  let value = 0;
  for (let index = 0; index < 5; index++) {
    const byte = bytes[from + index];
    if (byte === undefined) return null;
    value += (byte & 0x7f) * 2 ** (7 * index);
    if (byte < 0x80) return { value, next: from + index + 1 };
  }
  return null;
}

import { readdir, readFile, readlink } from 'node:fs/promises';
import { execa } from 'execa';
import { findProcess, type ProcessInfo } from '../build/process-tree.js';

/** What lsof may take, in ms: it is known to hang on dead network drives. */
const LSOF_TIMEOUT_MS = 5_000;

/**
 * The process that listens on a TCP port: by /proc on Linux, by lsof on macOS. `undefined` where the system does not tell,
 * as for processes of other users.
 */
export async function findListener(port: number): Promise<ProcessInfo | undefined> {
  const pid = process.platform === 'linux' ? await listenerInProc(port) : await listenerByLsof(port);
  return pid === undefined ? undefined : ((await findProcess(pid)) ?? undefined);
}

/** proc(5): /proc/net/tcp has a line per socket, with local address and port in hex, state (0A: listening) and inode. */
export function listeningInodes(table: string, port: number): readonly string[] {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  return table
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const [, local = '', , state, , , , , , inode] = line.trim().split(/\s+/);
      return state === '0A' && local.endsWith(`:${hex}`) && inode !== undefined ? [inode] : [];
    });
}

async function listenerInProc(port: number): Promise<number | undefined> {
  const tables = await Promise.all(
    ['/proc/net/tcp', '/proc/net/tcp6'].map((file) => readFile(file, 'utf8').catch(() => '')),
  );
  const sockets = new Set(tables.flatMap((table) => listeningInodes(table, port)).map((inode) => `socket:[${inode}]`));
  if (sockets.size === 0) return undefined;
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  for (const pid of pids) {
    const descriptors = await readdir(`/proc/${pid}/fd`).catch(() => []);
    for (const descriptor of descriptors) {
      const target = await readlink(`/proc/${pid}/fd/${descriptor}`).catch(() => '');
      if (sockets.has(target)) return Number(pid);
    }
  }
  return undefined;
}

async function listenerByLsof(port: number): Promise<number | undefined> {
  if (process.platform === 'win32') return undefined;
  const { stdout } = await execa('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fp'], {
    reject: false,
    stdin: 'ignore',
    timeout: LSOF_TIMEOUT_MS,
  });
  const pid = /^p(\d+)/m.exec(stdout ?? '')?.[1];
  return pid === undefined ? undefined : Number(pid);
}

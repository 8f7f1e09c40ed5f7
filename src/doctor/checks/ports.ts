import { join } from 'node:path';
import type { ProcessInfo } from '../../build/process-tree.js';
import { projectStateDir } from '../../project/state-dir.js';
import { type Diagnosis, type DoctorCheck, type ProjectContext, worstOf } from '../diagnosis.js';

interface DevLock {
  readonly owner: ProcessInfo;
  readonly offspring: readonly ProcessInfo[];
}

/** Are the site's port and the live reload's free, or by whom are they taken? */
export const portsCheck: DoctorCheck = { id: 'ports', of: 'project', codes: ['LF040', 'LF041'], check };

async function check({ system, workspace, projects }: ProjectContext): Promise<Diagnosis> {
  const running: DevLock[] = [];
  for (const folder of projects.map((project) => projectStateDir(workspace, project))) {
    const dev = lockIn(await system.readText(join(folder, 'dev.lock')));
    if (dev !== undefined && (await system.isAlive(dev.owner))) running.push(dev);
  }
  const ours = running.flatMap(({ owner, offspring }) => [owner, ...offspring]).map(({ pid }) => pid);
  const wanted = projects.flatMap(({ config: { siteAddr, reloadPort } }) => [
    { host: siteAddr.host, port: siteAddr.port, use: 'site' as const },
    { host: siteAddr.host, port: reloadPort, use: 'reload' as const },
  ]);
  const ports = wanted.filter(({ port }, index) => wanted.findIndex((other) => other.port === port) === index);
  const taken: Diagnosis[] = [];
  for (const { host, port, use } of ports) {
    if (!(await system.isListening(host, port))) continue;
    const by = await system.listener(port);
    const isOurs = running.length > 0 && (by === undefined || ours.includes(by.pid));
    if (!isOurs) taken.push(use === 'site' ? siteTaken(port, by) : reloadTaken(port, by));
  }
  const list = ports.map(({ port }) => port).join(' and ');
  const [dev] = running;
  const found = dev ? `leptos-fast dev runs on this project (process ${dev.owner.pid})` : `${list} are free`;
  return worstOf(taken, { status: 'ok', found });
}

function siteTaken(port: number, by: ProcessInfo | undefined): Diagnosis {
  return {
    status: 'problem',
    found: `port ${port} is taken${byWhom(by)}`,
    why: 'The app is to be served there.',
    code: 'LF040',
    fix: [
      by ? `end that program: kill ${by.pid}` : `find out by whom: lsof -i :${port}`,
      'or take another: leptos-fast dev --port N',
    ],
  };
}

function reloadTaken(port: number, by: ProcessInfo | undefined): Diagnosis {
  return {
    status: 'warning',
    found: `the live-reload port ${port} is taken${byWhom(by)}`,
    why: 'leptos-fast takes another one; plain cargo-leptos exits.',
    fix: [
      by ? `end that program: kill ${by.pid}` : `find out by whom: lsof -i :${port}`,
      'or set another reload-port in the Leptos metadata',
    ],
  };
}

function byWhom(by: ProcessInfo | undefined): string {
  return by === undefined ? ', the system does not tell by whom' : ` by ${by.command} (process ${by.pid})`;
}

/** What `dev` writes (project-lock.ts); a lock file that cannot be read is none. */
function lockIn(text: string | undefined): DevLock | undefined {
  try {
    const { owner, offspring = [] } = JSON.parse(text ?? '') as { owner?: ProcessInfo; offspring?: ProcessInfo[] };
    return owner && { owner, offspring };
  } catch {
    return undefined;
  }
}

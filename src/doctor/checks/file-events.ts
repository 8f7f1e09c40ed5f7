import type { Diagnosis, DoctorCheck, MachineContext } from '../diagnosis.js';

/** statfs(2) of what Docker Desktop mounts, sshfs and many others. */
const FUSE = 0x65735546;

const POLL = 'leptos-fast dev --poll';

/** Does the file system tell of changes? Where it doesn't, saves are found by looking, which takes longer. */
export const fileEventsCheck: DoctorCheck = { id: 'file-events', of: 'machine', check };

async function check({ system, root }: MachineContext): Promise<Diagnosis> {
  const { platform } = system;
  if (platform === 'darwin' && root.startsWith('/Volumes/')) return unsure('this may be a network drive');
  if (platform === 'darwin') return { status: 'ok', found: 'a local drive of macOS' };
  if (platform === 'win32')
    return root.startsWith('\\\\') ? silent('a network drive') : { status: 'ok', found: 'a local drive of Windows' };
  if (platform !== 'linux') return unsure(`on ${platform} that is not known`);

  const without = await system.withoutEvents(root);
  if (without !== null) return silent(without);
  const facts = await system.fileSystem(root);
  if (facts === undefined) return unsure('the file system does not tell what it is');
  const container = (await system.exists('/.dockerenv')) || (await system.exists('/run/.containerenv'));
  if (facts.type === FUSE)
    return unsure(container ? 'a folder of the host, mounted into the container' : 'a FUSE mount');
  const isWsl = /microsoft/i.test((await system.readText('/proc/version')) ?? '');
  const place = isWsl ? ', in WSL' : container ? ', in a container' : '';
  return { status: 'ok', found: `a file system of Linux with events${place}` };
}

function silent(what: string): Diagnosis {
  return {
    status: 'warning',
    found: `no file events on ${what}`,
    why: 'leptos-fast looks for changes every second there; plain cargo-leptos sees none, and cargo itself is slow on such a drive.',
    fix: [
      'Move the project to a drive of this system itself (in WSL: below your home folder)',
      `or look more often: ${POLL}`,
    ],
  };
}

function unsure(what: string): Diagnosis {
  return {
    status: 'unknown',
    found: `whether changes are told of here: ${what}`,
    why: 'leptos-fast notices missed changes by itself and then looks every second.',
    fix: [`If saves take seconds to be noticed: ${POLL}`],
  };
}

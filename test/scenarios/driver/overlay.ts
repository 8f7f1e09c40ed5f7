import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';

/**
 * A second view of a folder in which changes of the folder raise no file events: an overlay mount whose lower layer it
 * is. Docker bind mounts, network mounts and WSL drives behave so towards the one who watches. Needs root, on Linux.
 */
export class OverlayMount {
  readonly dir: string;

  constructor(lower: string, dir: string) {
    this.dir = dir;
    const upper = `${dir}-upper`;
    const work = `${dir}-work`;
    for (const folder of [dir, upper, work]) mkdirSync(folder, { recursive: true });
    const options = `lowerdir=${lower},upperdir=${upper},workdir=${work}`;
    execFileSync('mount', ['-t', 'overlay', 'overlay', '-o', options, dir], { stdio: 'pipe' });
  }

  /** Unmounts and deletes what the upper layer collected. */
  remove(): void {
    OverlayMount.removeStale(this.dir);
  }

  /** The same for one that an interrupted run left behind. */
  static removeStale(dir: string): void {
    try {
      execFileSync('umount', ['--lazy', dir], { stdio: 'pipe' });
    } catch {
      // Not mounted.
    }
    for (const folder of [dir, `${dir}-upper`, `${dir}-work`]) rmSync(folder, { recursive: true, force: true });
  }
}

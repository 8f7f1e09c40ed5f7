import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseLockfile } from '../../project/lockfile.js';
import type { BenchProject } from '../project.js';
import { sampleEdits } from './sample-edits.js';
import { type SampleProject, sampleProject } from './sample-project.js';
import type { SampleName } from './sizes.js';

/** A generated project to be measured. */
export async function benchSample(name: SampleName): Promise<BenchProject> {
  const sample = await sampleProject(name);
  return {
    name,
    about: `${sample.pages} pages, ${sample.lines.toLocaleString('en')} lines${sample.appFolder === '' ? '' : ', three crates'}`,
    lines: sample.lines,
    crates: sample.crates,
    dependencies: `${sample.appFolder} ${lockedVersions(sample)}`,
    leptosProject: null,
    pageText: 'id="bench-text"',
    needsPage: false,
    lay: async (dir) => {
      await rm(dir, { recursive: true, force: true });
      for (const [file, text] of sample.files) {
        await mkdir(dirname(join(dir, file)), { recursive: true });
        await writeFile(join(dir, file), text);
      }
    },
    edits: () => Promise.resolve({ edits: sampleEdits(sample), leftOut: [] }),
    // What is set for another app would change this one.
    env: (env) => Object.fromEntries(Object.entries(env).filter(([key]) => !key.startsWith('LEPTOS_'))),
  };
}

/** What is locked but the sample's own crates. */
function lockedVersions({ files, crates }: SampleProject): string {
  const locked = [...parseLockfile(files.get('Cargo.lock') ?? '')];
  return JSON.stringify(locked.filter(([name]) => !crates.includes(name)));
}

import { formatBytes } from '../../ui/bytes.js';
import { configValue, readCargoConfigs } from '../cargo-config.js';
import type { DoctorCheck } from '../diagnosis.js';

const GB = 1e9;
/** What one rustc job should find; a rule of thumb, since crates differ. */
const WANTED_PER_JOB = 1 * GB;
/** Below this the two sides' last crates, which are compiled at the same time, hardly fit. */
const LEAST = 1 * GB;

/** Is there memory for the jobs that cargo runs at the same time? Too little ends in a linker or rustc that the system kills. */
export const memoryCheck: DoctorCheck = {
  id: 'memory',
  of: 'machine',
  check: async (context) => {
    const { memory, cores, env } = context.system;
    const set = configValue(await readCargoConfigs(context), ['build', 'jobs'])?.value;
    const wanted = Number(env.CARGO_BUILD_JOBS ?? (typeof set === 'number' ? set : cores));
    // Negative means so many fewer than cores.
    const jobs = Math.max(1, wanted < 0 ? cores + wanted : wanted || cores);
    const found = `${formatBytes(memory.available)} free of ${formatBytes(memory.total)}, for ${jobs} ${jobs === 1 ? 'job' : 'jobs'}`;
    if (memory.available / jobs >= WANTED_PER_JOB) return { status: 'ok', found };
    const fit = Math.max(1, Math.floor(memory.available / WANTED_PER_JOB));
    const fix = [
      ...(fit < jobs ? [`CARGO_BUILD_JOBS=${fit} leptos-fast dev`] : []),
      'Close what you do not need (browser tabs, editors with rust-analyzer), or give the machine or container more',
    ];
    return {
      status: memory.available < LEAST ? 'problem' : 'warning',
      found,
      why: 'Where memory runs out, the system kills rustc or the linker, and the build is tried again with fewer jobs.',
      fix,
    };
  },
};

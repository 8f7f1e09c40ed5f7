import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { configValue, readCargoConfigs } from '../doctor/cargo-config.js';
import type { MachineContext } from '../doctor/diagnosis.js';
import { hostTriple } from '../doctor/host-triple.js';
import type { FoundLinker, TuneMachine } from './settings.js';

/** The driver through which rustc links where nothing else is configured. */
const DEFAULT_DRIVER = 'cc';

/** What of this machine is to be tried, and the C compiler that a linker wrapper has to call (absolute). */
export interface FoundMachine {
  readonly machine: TuneMachine;
  /** Present where linkers can be tried. */
  readonly linkDriver?: string;
}

/** Looks at toolchain and linkers, as they are for the workspace's folder. Asks a few short processes. */
export async function findTuneMachine(context: MachineContext): Promise<FoundMachine> {
  const { system, root } = context;
  const host = (await hostTriple(context)) ?? 'unknown';
  const rustc = await system.find('rustc');
  const release = rustc === undefined ? undefined : await system.ask(rustc, ['--version'], root);
  const nightly = release?.kind === 'answered' && release.stdout.includes('-nightly');
  const sysroot = rustc === undefined ? undefined : await system.ask(rustc, ['--print', 'sysroot'], root);
  const backends =
    sysroot?.kind === 'answered'
      ? await system.list(join(sysroot.stdout.trim(), 'lib/rustlib', host, 'codegen-backends'))
      : [];
  const links = await findLinkers(context, host);
  return {
    machine: {
      hostTriple: host,
      linkers: links.linkers,
      ...(links.why !== undefined && { noLinker: links.why }),
      nightly,
      cranelift: backends.some(({ name }) => name.includes('cranelift')),
      cpus: availableParallelism(),
    },
    ...(links.driver !== undefined && { linkDriver: links.driver }),
  };
}

interface Links {
  readonly linkers: readonly FoundLinker[];
  readonly driver?: string;
  readonly why?: string;
}

async function findLinkers(context: MachineContext, host: string): Promise<Links> {
  const { system, root } = context;
  if (system.platform !== 'linux') return { linkers: [], why: 'lld, mold and wild are tried on Linux alone' };
  const configured = await configuredLinker(context, host);
  if (configured?.includes('/')) return { linkers: [], why: `a linker is configured already: ${configured}` };
  const name = configured ?? DEFAULT_DRIVER;
  const driver = await system.find(name);
  if (driver === undefined) return { linkers: [], why: `there is no ${name} on PATH` };
  const version = await system.ask(driver, ['--version'], root);
  const isClang = version.kind === 'answered' && version.stdout.includes('clang');
  const [lld, mold, wild] = await Promise.all([system.find('ld.lld'), system.find('mold'), system.find('wild')]);
  const linkers: FoundLinker[] = [];
  if (mold !== undefined) linkers.push({ name: 'mold', linkArgs: ['-fuse-ld=mold'] });
  if (lld !== undefined) linkers.push({ name: 'lld', linkArgs: ['-fuse-ld=lld'] });
  if (wild !== undefined && isClang) linkers.push({ name: 'wild', linkArgs: [`--ld-path=${wild}`] });
  const why =
    wild !== undefined && !isClang
      ? `wild needs clang to call it, and ${name} is none`
      : linkers.length === 0
        ? 'neither lld, mold nor wild is installed'
        : undefined;
  return { linkers, driver, ...(why !== undefined && { why }) };
}

async function configuredLinker(context: MachineContext, host: string): Promise<string | undefined> {
  const variable = `CARGO_TARGET_${host.toUpperCase().replaceAll(/[-.]/g, '_')}_LINKER`;
  const byEnv = context.system.env[variable];
  if (byEnv) return byEnv;
  const set = configValue(await readCargoConfigs(context), ['target', host, 'linker']);
  return typeof set?.value === 'string' ? set.value : undefined;
}

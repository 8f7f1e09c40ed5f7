import { isAbsolute } from 'node:path';
import { type CargoConfigFile, configValue, flagsOf, readCargoConfigs, rustflagsInConfigs } from '../cargo-config.js';
import { type Diagnosis, type DoctorCheck, type MachineContext, worstOf } from '../diagnosis.js';
import { hostTriple } from '../host-triple.js';

const WASM = 'wasm32-unknown-unknown';

/** What `-fuse-ld=NAME` makes gcc and clang look for. */
const LINKERS: Readonly<Record<string, readonly string[]>> = {
  lld: ['ld.lld', 'lld'],
  mold: ['mold', 'ld.mold'],
  wild: ['wild', 'ld.wild'],
  gold: ['ld.gold'],
};

/** Is the linker there that is configured or, without one, the C compiler through which rustc links? */
export const linkerCheck: DoctorCheck = { id: 'linker', of: 'machine', check };

async function check(context: MachineContext): Promise<Diagnosis> {
  const host = await hostTriple(context);
  if (host === undefined) return { status: 'unknown', found: 'rustc does not tell for which system it links' };
  const configs = await readCargoConfigs(context);
  const server = await checkDriver(context, configs, host);
  const fuse = await checkFuseLd(context, configs, host);
  const wasm = await checkWasm(context, configs);
  return worstOf([server, ...fuse, ...wasm], fuse.find(({ status }) => status === 'ok') ?? server);
}

async function checkDriver(
  context: MachineContext,
  configs: readonly CargoConfigFile[],
  host: string,
): Promise<Diagnosis> {
  const { system } = context;
  const configured = linkerFor(host, system.env, configs);
  if (configured !== undefined) {
    return (await isThere(configured.linker, context))
      ? { status: 'ok', found: `${configured.linker} (${configured.from})` }
      : missing(configured.linker, configured.from, `the server is linked with it`);
  }
  // Visual Studio's linker is found through the registry.
  if (host.endsWith('-msvc')) return { status: 'unknown', found: "Visual Studio's linker was not looked for" };
  const driver = host.endsWith('-windows-gnu') ? 'gcc' : 'cc';
  const found = await system.find(driver);
  if (found !== undefined) return { status: 'ok', found: `${driver}, rustc's default` };
  return {
    status: 'problem',
    found: `there is no ${driver} on PATH`,
    why: 'rustc links the server, build scripts and macros through it.',
    fix:
      system.platform === 'darwin'
        ? ['xcode-select --install']
        : ['Install a C compiler: the package build-essential (Debian, Ubuntu), gcc (Fedora), base-devel (Arch)'],
  };
}

/** `-fuse-ld=…`, `-Clinker=…` in the flags that count for the server. */
async function checkFuseLd(
  context: MachineContext,
  configs: readonly CargoConfigFile[],
  host: string,
): Promise<readonly Diagnosis[]> {
  const findings: Diagnosis[] = [];
  for (const { flags, from } of serverFlags(context.system.env, configs, host)) {
    for (const flag of flags) {
      const fuse = /-fuse-ld=(\S+)/.exec(flag)?.[1];
      const driver = /^(?:-C)?linker=(\S+)/.exec(flag)?.[1];
      const name = fuse ?? driver;
      if (name === undefined) continue;
      const commands = fuse === undefined || isAbsolute(name) ? [name] : (LINKERS[name] ?? [`ld.${name}`]);
      const found = await Promise.all(commands.map((command) => isThere(command, context)));
      findings.push(
        found.includes(true)
          ? { status: 'ok', found: `${name} (${from})` }
          : missing(name, from, 'the build stops where it is not found'),
      );
    }
  }
  return findings;
}

/** rustc brings its own linker for wasm; one that is configured must be there. */
async function checkWasm(context: MachineContext, configs: readonly CargoConfigFile[]): Promise<readonly Diagnosis[]> {
  const configured = linkerFor(WASM, context.system.env, configs);
  if (configured === undefined || (await isThere(configured.linker, context))) return [];
  return [missing(configured.linker, configured.from, 'the page is linked with it; without it rustc takes its own')];
}

function linkerFor(
  triple: string,
  env: NodeJS.ProcessEnv,
  configs: readonly CargoConfigFile[],
): { readonly linker: string; readonly from: string } | undefined {
  const variable = `CARGO_TARGET_${triple.toUpperCase().replaceAll(/[-.]/g, '_')}_LINKER`;
  const byEnv = env[variable];
  if (byEnv) return { linker: byEnv, from: variable };
  const set = configValue(configs, ['target', triple, 'linker']);
  if (typeof set?.value === 'string') return { linker: set.value, from: `[target.${triple}] in ${set.file}` };
  return undefined;
}

function serverFlags(env: NodeJS.ProcessEnv, configs: readonly CargoConfigFile[], host: string) {
  const variables = [
    'RUSTFLAGS',
    `CARGO_TARGET_${host.toUpperCase().replaceAll('-', '_')}_RUSTFLAGS`,
    'CARGO_BUILD_RUSTFLAGS',
  ];
  const inEnv = variables.map((name) => ({ flags: flagsOf(env[name]), from: name }));
  const inFiles = rustflagsInConfigs(configs)
    .filter(({ table }) => table === 'build' || table === `target.${host}`)
    .map(({ flags, from, file }) => ({ flags, from: `${from} in ${file}` }));
  return [...inEnv, ...inFiles];
}

async function isThere(command: string, { system, root }: MachineContext): Promise<boolean> {
  if (isAbsolute(command)) return system.exists(command);
  // cargo takes a linker with a slash relative to the folder that holds the `.cargo` folder.
  if (/[\\/]/.test(command)) return system.exists(`${root}/${command}`);
  return (await system.find(command)) !== undefined;
}

function missing(linker: string, from: string, why: string): Diagnosis {
  return {
    status: 'problem',
    found: `the linker ${linker} is configured but not installed`,
    why: `${from} asks for it, and ${why}.`,
    fix: [`Install ${linker}, or take it out of the configuration`],
  };
}

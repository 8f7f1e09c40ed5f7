import { flagsOf, readCargoConfigs, rustflagsInConfigs, type SourcedFlags } from '../cargo-config.js';
import { type Diagnosis, type DoctorCheck, type MachineContext, worstOf } from '../diagnosis.js';

/**
 * Do flags for rustc fight with those that cargo-leptos sets? It builds with RUSTFLAGS of its own (`--cfg erase_components`); since
 * 0.2.34 it puts in front of them what cargo would take from the environment or the configuration for that side (0.3.11: `to_envs` in
 * config/project.rs, the crate cargo-config2). What is set for no target in particular therefore reaches the wasm too.
 */
export const rustflagsCheck: DoctorCheck = { id: 'rustflags', of: 'machine', check };

/** Flags that only a linker or processor of the host understands: rust-lld stops at `-fuse-ld=mold` when it links wasm. */
const HOST_LINKER = /-fuse-ld=|linker=|-Wl,/;
const HOST_CPU = /target-cpu=native/;
const WASM = 'wasm32-unknown-unknown';
const WASM_VARIABLE = 'CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS';

async function check(context: MachineContext): Promise<Diagnosis> {
  const { env } = context.system;
  const configs = await readCargoConfigs(context);
  const broken = configs.find(({ values }) => values === undefined);
  if (broken) {
    return {
      status: 'problem',
      found: "cargo's configuration is not valid TOML",
      where: { file: broken.file },
      fix: ['Mend the file; cargo stops at it'],
    };
  }
  const inFiles = rustflagsInConfigs(configs);
  const forAll = [
    ...['RUSTFLAGS', 'CARGO_BUILD_RUSTFLAGS'].map((from): SourcedFlags => ({ flags: flagsOf(env[from]), from })),
    ...inFiles.filter(({ table }) => table === 'build'),
  ].filter(({ flags }) => flags.length > 0);
  const forWasm = [
    { flags: flagsOf(env[WASM_VARIABLE]), from: WASM_VARIABLE },
    ...inFiles.filter(({ table }) => table === `target.${WASM}`),
  ].filter(({ flags }) => flags.some((flag) => HOST_LINKER.test(flag)));
  const findings = [...encoded(env), ...forAll.map(diagnoseForAll), ...forWasm.map(diagnoseForWasm)];
  const [shared] = findings.filter(({ status }) => status === 'ok');
  const alone =
    inFiles.length > 0 ? 'for single targets only; cargo-leptos passes them on' : 'cargo-leptos sets them alone';
  return worstOf(findings, shared ?? { status: 'ok', found: alone });
}

function encoded(env: NodeJS.ProcessEnv): readonly Diagnosis[] {
  if (!env.CARGO_ENCODED_RUSTFLAGS) return [];
  return [
    {
      status: 'problem',
      found: 'CARGO_ENCODED_RUSTFLAGS is set',
      why: 'cargo takes it instead of RUSTFLAGS, so that --cfg erase_components of cargo-leptos is lost: builds take much longer.',
      fix: ['unset CARGO_ENCODED_RUSTFLAGS'],
    },
  ];
}

function diagnoseForAll({ flags, from, file }: SourcedFlags): Diagnosis {
  const text = flags.join(' ');
  const place = file === undefined ? {} : { where: { file } };
  const perTarget =
    'Move them to the target that they are meant for, [target.x86_64-unknown-linux-gnu] rustflags in .cargo/config.toml';
  const fix = file === undefined ? [`unset ${from}`, perTarget] : [perTarget];
  if (flags.some((flag) => HOST_LINKER.test(flag))) {
    return {
      status: 'problem',
      found: `${from} reaches the wasm too: ${text}`,
      why: "Its linker knows no such flag, and the page's build stops.",
      ...place,
      fix,
    };
  }
  if (flags.some((flag) => HOST_CPU.test(flag))) {
    return {
      status: 'warning',
      found: `${from} reaches the wasm too: ${text}`,
      why: "wasm has no such processor; rustc warns and leaves it out. The flag belongs to the server's target.",
      ...place,
      fix,
    };
  }
  if (file === undefined) {
    return {
      status: 'warning',
      found: `${from} is set: ${text}`,
      why: 'Where the editor or another terminal lacks it, everything is built anew each time the two take turns; rustflags in cargo configuration files are not heeded.',
      fix,
    };
  }
  return {
    status: 'ok',
    found: `${from} go to both sides: ${text}`,
  };
}

/** Flags that were meant for the page's build, and that its linker does not know. */
function diagnoseForWasm({ flags, from, file }: SourcedFlags): Diagnosis {
  return {
    status: 'problem',
    found: `${from}: ${flags.join(' ')}`,
    why: "rust-lld, which links the wasm, knows no such flag, and the page's build stops.",
    ...(file === undefined ? {} : { where: { file } }),
    fix: [file === undefined ? `unset ${from}` : 'Take the flag out'],
  };
}

import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { LfError } from '../../core/errors.js';
import { rustupHome } from '../cargo-home.js';
import type { Check, CheckContext, Finding } from '../check.js';
import { findExecutable } from '../find-executable.js';
import { askTool } from '../run-tool.js';

export interface WasmTarget {
  readonly sysroot: string;
  /** rustup's name of the toolchain, when it is one of rustup's. */
  readonly toolchain?: string;
}

const TARGET = 'wasm32-unknown-unknown';

/**
 * Has the toolchain that is active in the workspace the standard library for wasm? `rustc --print sysroot`, asked in the workspace's
 * root, follows rust-toolchain.toml, `rustup override` and RUSTUP_TOOLCHAIN.
 */
export const wasmTargetCheck: Check<WasmTarget> = { name: TARGET, check };

async function check({ workspace, env }: CheckContext): Promise<Finding<WasmTarget>> {
  const rustc = await findExecutable('rustc', env);
  if (rustc === undefined) return { status: 'unknown', why: 'there is no rustc to ask for its targets' };
  const answer = await askTool(rustc, ['--print', 'sysroot'], { cwd: workspace.root, env });
  if (answer.kind !== 'answered') return { status: 'unknown', why: answer.why };

  const sysroot = answer.stdout.trim();
  const toolchain = toolchainOf(sysroot);
  if (await hasStd(sysroot)) return { status: 'ok', value: { sysroot, ...(toolchain ? { toolchain } : {}) } };
  const buildStd = await findBuildStd(workspace.root, env);
  if (buildStd !== undefined) {
    return { status: 'unknown', why: `${TARGET} is not installed, but ${buildStd} lets cargo build it` };
  }
  return { status: 'missing', error: missingTarget(sysroot, toolchain, await defaultToolchain(env)) };
}

async function hasStd(sysroot: string): Promise<boolean> {
  try {
    const files = await readdir(join(sysroot, 'lib', 'rustlib', TARGET, 'lib'));
    return files.some((file) => /^libstd-.*\.rlib$/.test(file));
  } catch {
    return false;
  }
}

/** rustup keeps each toolchain in `toolchains/NAME`. */
function toolchainOf(sysroot: string): string | undefined {
  return basename(dirname(sysroot)) === 'toolchains' ? basename(sysroot) : undefined;
}

/** The nightly feature `build-std` builds the standard library from source; then none needs to be installed. */
async function findBuildStd(root: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  if (env.CARGO_UNSTABLE_BUILD_STD) return 'CARGO_UNSTABLE_BUILD_STD';
  for (let dir = root; ; dir = dirname(dir)) {
    for (const name of ['config.toml', 'config']) {
      const file = join(dir, '.cargo', name);
      if (/^\s*build-std\s*=/m.test(await readOrEmpty(file))) return file;
    }
    if (dirname(dir) === dir) return undefined;
  }
}

/** From rustup's settings.toml, since asking rustup would take another process. */
async function defaultToolchain(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const settings = await readOrEmpty(join(rustupHome(env), 'settings.toml'));
  return /^default_toolchain = "(.+)"$/m.exec(settings)?.[1];
}

async function readOrEmpty(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    return '';
  }
}

function missingTarget(sysroot: string, toolchain: string | undefined, standard: string | undefined): LfError {
  const option = toolchain === undefined || toolchain === standard ? '' : ` --toolchain ${toolchain}`;
  return {
    code: 'LF012',
    message:
      toolchain === undefined
        ? `this Rust has no ${TARGET} target`
        : `the toolchain ${toolchain} has no ${TARGET} target`,
    why: `Leptos compiles the page for it, and there is no standard library for it in ${sysroot}.`,
    help:
      toolchain === undefined
        ? [
            'This Rust is not one of rustup: install the target with what installed Rust',
            `(a distribution has a package for it), or use https://rustup.rs and then: rustup target add ${TARGET}`,
          ]
        : [`rustup target add ${TARGET}${option}`],
    exitCode: 3,
  };
}

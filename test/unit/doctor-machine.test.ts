import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { LfError } from '../../src/core/errors.js';
import { cargoCheck } from '../../src/doctor/checks/rust.js';
import { wasmTargetCheck } from '../../src/doctor/checks/wasm-target.js';
import { checkMachine, type ToolVersions } from '../../src/doctor/machine.js';
import { askTool } from '../../src/doctor/run-tool.js';
import type { Workspace } from '../../src/project/model.js';
import { recorded, tempDir, workspaceOf } from './project-support.js';

const STABLE = 'stable-x86_64-unknown-linux-gnu';
const DOCTOR = 'or let leptos-fast do it: leptos-fast doctor --fix';

/** A machine of sh scripts: everything there and fitting, until a test takes something away. */
class FakeMachine {
  readonly workspace: Workspace;
  constructor(
    readonly base: string,
    workspace: Workspace,
    locked: ReadonlyMap<string, readonly string[]>,
  ) {
    this.workspace = { ...workspace, root: join(base, 'project'), lockedCrates: locked };
  }

  static async create(base: string): Promise<FakeMachine> {
    const locked = new Map([['wasm-bindgen', ['0.2.130']]]);
    const machine = new FakeMachine(base, await workspaceOf(await recorded('single-crate')), locked);
    await mkdir(machine.workspace.root);
    await machine.tool('cargo', 'echo "cargo 1.95.0 (f2d3ce0bd 2026-03-21)"');
    await machine.rustc(machine.sysroot(STABLE));
    await machine.tool('cargo-leptos', 'echo "cargo-leptos 0.3.11"');
    await machine.tool('wasm-bindgen', 'echo "wasm-bindgen 0.2.130"');
    await machine.file('home/.rustup/settings.toml', `version = "12"\ndefault_toolchain = "${STABLE}"\n`);
    await machine.installTarget(STABLE);
    return machine;
  }

  get env(): NodeJS.ProcessEnv {
    return { PATH: join(this.base, 'bin'), HOME: join(this.base, 'home') };
  }

  sysroot(toolchain: string): string {
    return join(this.base, 'home/.rustup/toolchains', toolchain);
  }

  async installTarget(toolchain: string): Promise<void> {
    await this.file(`home/.rustup/toolchains/${toolchain}/lib/rustlib/wasm32-unknown-unknown/lib/libstd-1a2b.rlib`, '');
  }

  async rustc(sysroot: string): Promise<void> {
    await this.tool('rustc', `if [ "$1" = --print ]; then echo "${sysroot}"; else echo "rustc 1.95.0 (59807616e)"; fi`);
  }

  async tool(name: string, script: string, dir = 'bin'): Promise<string> {
    const path = await this.file(join(dir, name), `#!/bin/sh\n${script}\n`);
    await chmod(path, 0o755);
    return path;
  }

  async takeAway(tool: string): Promise<void> {
    await chmod(join(this.base, 'bin', tool), 0o644);
  }

  async file(path: string, text: string): Promise<string> {
    const file = join(this.base, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
    return file;
  }

  async tools(env = this.env): Promise<ToolVersions> {
    const checked = await checkMachine(this.workspace, env);
    if (!checked.ok) throw new Error(checked.error.map(({ message }) => message).join('\n'));
    return checked.value;
  }

  async missing(env = this.env): Promise<readonly LfError[]> {
    const checked = await checkMachine(this.workspace, env);
    if (checked.ok) throw new Error('expected something to be missing');
    return checked.error;
  }
}

describe.skipIf(process.platform === 'win32')('the machine', () => {
  let machine: FakeMachine;
  beforeEach(async () => {
    machine = await FakeMachine.create(await tempDir());
  });

  it('is fit: versions and paths', async () => {
    expect(await machine.tools()).toEqual({
      cargo: '1.95.0',
      rustc: '1.95.0',
      cargoLeptos: '0.3.11',
      wasmBindgen: '0.2.130',
      wasmBindgenPath: join(machine.base, 'bin/wasm-bindgen'),
      toolchain: STABLE,
      cargoPath: join(machine.base, 'bin/cargo'),
      cargoLeptosPath: join(machine.base, 'bin/cargo-leptos'),
    });
  });

  it.each([
    ['cargo', 'LF010', 'https://rustup.rs'],
    ['rustc', 'LF010', 'https://rustup.rs'],
    ['cargo-leptos', 'LF011', 'cargo install cargo-leptos --locked'],
  ])('names a missing %s', async (tool, code, help) => {
    await machine.takeAway(tool);
    const [error, ...others] = await machine.missing();
    expect(others).toEqual([]);
    expect(error).toMatchObject({ code, exitCode: 3, message: expect.stringContaining(`there is no ${tool} on PATH`) });
    expect(error?.help.join('\n')).toContain(help);
  });

  it('names everything that is missing at once', async () => {
    await machine.takeAway('cargo-leptos');
    await machine.rustc(machine.sysroot('nightly-x'));
    await machine.tool('wasm-bindgen', 'echo "wasm-bindgen 0.2.99"');
    expect((await machine.missing()).map(({ code }) => code)).toEqual(['LF011', 'LF012', 'LF013']);
  });

  it('names a tool that is there but does not run', async () => {
    await machine.tool('cargo', 'echo "no default toolchain" >&2; exit 1');
    expect(await machine.missing()).toMatchObject([
      { code: 'LF010', where: { file: join(machine.base, 'bin/cargo') }, why: 'no default toolchain' },
    ]);
  });

  it('names the toolchain that rustup lacks for it', async () => {
    await machine.tool('cargo', `echo "error: toolchain '1.70.0-x' is not installed" >&2; exit 1`);
    expect(await machine.missing()).toMatchObject([
      {
        code: 'LF010',
        message: 'the Rust toolchain 1.70.0-x is not installed',
        help: ['rustup toolchain install 1.70.0-x'],
      },
    ]);
  });

  describe('cargo-leptos', () => {
    it("is found in cargo's bin folder", async () => {
      await machine.takeAway('cargo-leptos');
      const path = await machine.tool('cargo-leptos', 'echo "cargo-leptos 0.3.9"', 'home/.cargo/bin');
      expect(await machine.tools()).toMatchObject({ cargoLeptos: '0.3.9', cargoLeptosPath: path });
    });

    it('is found below CARGO_HOME', async () => {
      await machine.takeAway('cargo-leptos');
      const path = await machine.tool('cargo-leptos', 'echo "cargo-leptos 0.3.9"', 'cargo home/bin');
      const env = { ...machine.env, CARGO_HOME: join(machine.base, 'cargo home') };
      expect((await machine.tools(env)).cargoLeptosPath).toBe(path);
    });
  });

  describe('the wasm target', () => {
    it('of the default toolchain', async () => {
      await machine.rustc(machine.sysroot('beta-x'));
      await machine.file('home/.rustup/settings.toml', 'default_toolchain = "beta-x"\n');
      expect(await machine.missing()).toMatchObject([
        { code: 'LF012', help: ['rustup target add wasm32-unknown-unknown', DOCTOR] },
      ]);
    });

    it('of the toolchain that the project folder chooses', async () => {
      // As rustup's rustc does it: another answer where a rust-toolchain.toml lies.
      await machine.tool(
        'rustc',
        `if [ "$1" != --print ]; then echo "rustc 1.95.0"
elif [ -f rust-toolchain.toml ]; then echo "${machine.sysroot('1.88.0-x')}"
else echo "${machine.sysroot(STABLE)}"; fi`,
      );
      expect((await machine.tools()).toolchain).toBe(STABLE);
      await machine.file('project/rust-toolchain.toml', '[toolchain]\nchannel = "1.88.0"\n');
      expect(await machine.missing()).toMatchObject([
        { code: 'LF012', help: ['rustup target add wasm32-unknown-unknown --toolchain 1.88.0-x', DOCTOR] },
      ]);
      await machine.installTarget('1.88.0-x');
      expect((await machine.tools()).toolchain).toBe('1.88.0-x');
    });

    it('of a Rust that is not from rustup', async () => {
      await machine.rustc(join(machine.base, 'usr'));
      const [error] = await machine.missing();
      expect(error?.message).toBe('this Rust has no wasm32-unknown-unknown target');
      expect(error?.help.join(' ')).toContain('distribution');
    });

    it('is not needed with build-std, but not called there either', async () => {
      await machine.rustc(machine.sysroot('nightly-x'));
      await machine.file('project/.cargo/config.toml', '[unstable]\nbuild-std = ["std"]\n');
      await machine.tools();
      expect((await wasmTargetCheck.check(machine)).status).toBe('unknown');
    });
  });

  describe('wasm-bindgen', () => {
    it('of another version than in Cargo.lock', async () => {
      await machine.tool('wasm-bindgen', 'echo "wasm-bindgen 0.2.99"');
      expect(await machine.missing()).toMatchObject([
        {
          code: 'LF013',
          message: 'wasm-bindgen 0.2.99 on PATH does not match wasm-bindgen 0.2.130 in Cargo.lock',
          where: { file: join(machine.base, 'bin/wasm-bindgen') },
          // It lies where `cargo install` does not put anything.
          help: expect.arrayContaining([
            expect.stringMatching(/^remove /),
            'or replace it, for example: cargo install wasm-bindgen-cli@0.2.130 --locked',
          ]),
        },
      ]);
    });

    it('need not be on PATH, since cargo-leptos gets its own', async () => {
      await machine.takeAway('wasm-bindgen');
      expect(await machine.tools()).not.toHaveProperty('wasmBindgen');
    });

    it('is of no concern when Cargo.lock has none', async () => {
      await machine.tool('wasm-bindgen', 'echo "wasm-bindgen 0.2.1"');
      const checked = await checkMachine({ ...machine.workspace, lockedCrates: new Map() }, machine.env);
      expect(checked.ok && checked.value.wasmBindgen).toBe('0.2.1');
    });

    it("is the one in the workspace's node_modules, where cargo-leptos looks first", async () => {
      await machine.tool('wasm-bindgen', 'echo "wasm-bindgen 0.2.99"', 'project/node_modules/.bin');
      expect((await machine.tools()).wasmBindgen).toBe('0.2.130');
      await machine.file('project/package.json', '{}');
      expect(await machine.missing()).toMatchObject([{ code: 'LF013' }]);
    });

    it.each([
      ['0.2.126', true],
      ['0.2.125', true],
      ['0.2.124', false],
      ['0.2.131', false],
    ])('%s with the format of 0.2.125: fits %s', async (version, fits) => {
      await machine.file(
        'home/.cargo/registry/src/index/wasm-bindgen-shared-0.2.130/src/lib.rs',
        'pub const SCHEMA_VERSION: &str = "0.2.125";\n',
      );
      await machine.tool('wasm-bindgen', `echo "wasm-bindgen ${version}"`);
      expect((await checkMachine(machine.workspace, machine.env)).ok).toBe(fits);
    });
  });

  describe('what cannot be found out', () => {
    it('is unknown: not good, and no reason to stop', async () => {
      await machine.tool('cargo', 'echo "hello"');
      expect(await cargoCheck.check(machine)).toMatchObject({ status: 'unknown' });
      expect(await machine.tools()).toMatchObject({ cargo: 'unknown', cargoPath: join(machine.base, 'bin/cargo') });
    });

    it('includes a tool that does not answer', async () => {
      const hanging = await machine.tool('hanging', 'exec sleep 60');
      const answer = await askTool(hanging, [], {
        cwd: machine.base,
        env: { PATH: [join(machine.base, 'bin'), '/usr/bin', '/bin'].join(delimiter) },
        timeoutMs: 50,
      });
      expect(answer.kind).toBe('silent');
    });
  });
});

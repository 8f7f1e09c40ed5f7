import { describe, expect, it } from 'vitest';
import { cargoConfigCheck } from '../../src/doctor/checks/cargo-config.js';
import { diagnoseCargoLeptos } from '../../src/doctor/checks/cargo-leptos-version.js';
import { fileEventsCheck } from '../../src/doctor/checks/file-events.js';
import { leptosEnvCheck } from '../../src/doctor/checks/leptos-env.js';
import { linkerCheck } from '../../src/doctor/checks/linker.js';
import { memoryCheck } from '../../src/doctor/checks/memory.js';
import { nodeCheck } from '../../src/doctor/checks/node.js';
import { rustflagsCheck } from '../../src/doctor/checks/rustflags.js';
import { diagnoseToolchain } from '../../src/doctor/checks/toolchain.js';
import { diagnoseWasmBindgen } from '../../src/doctor/checks/wasm-bindgen-matches.js';
import { diagnoseWasmTarget } from '../../src/doctor/checks/wasm-target-installed.js';
import { compareVersions } from '../../src/doctor/versions.js';
import { diagnose, type Machine, ROOT } from './doctor-support.js';

const tool = (version: string, path = '/usr/bin/tool') => ({ status: 'ok', value: { path, version } }) as const;
const missing = (code: 'LF010' | 'LF011' | 'LF012' | 'LF013', help: string[], file?: string) =>
  ({
    status: 'missing',
    error: { code, message: 'gone', help, exitCode: 3, ...(file !== undefined && { where: { file } }) },
  }) as const;

describe('toolchain', () => {
  it('is fine when both are of one release', () => {
    expect(diagnoseToolchain(tool('1.95.0'), tool('1.95.1'))).toEqual({
      status: 'ok',
      found: 'rustc 1.95.0, cargo 1.95.1',
    });
  });

  it('is mixed from two installations', () => {
    expect(diagnoseToolchain(tool('1.95.0'), tool('1.75.0'))).toMatchObject({ status: 'warning' });
  });

  it('lacks a part', () => {
    expect(diagnoseToolchain(tool('1.95.0'), missing('LF010', ['rustup.rs']))).toMatchObject({
      status: 'problem',
      code: 'LF010',
      fix: ['rustup.rs'],
    });
  });

  it('is unknown when a part does not tell its version', () => {
    const finding = { status: 'unknown', why: 'cargo does not tell' } as const;
    expect(diagnoseToolchain(tool('1.95.0'), finding).status).toBe('unknown');
  });
});

describe('wasm-target', () => {
  it('is installed', () => {
    const value = { sysroot: '/s', toolchain: 'stable' };
    expect(diagnoseWasmTarget({ status: 'ok', value }, ROOT)).toEqual({ status: 'ok', found: 'installed for stable' });
  });

  it('is added by rustup', () => {
    const diagnosis = diagnoseWasmTarget(
      missing('LF012', ['rustup target add wasm32-unknown-unknown --toolchain x']),
      ROOT,
    );
    expect(diagnosis).toMatchObject({
      status: 'problem',
      repair: {
        kind: 'install',
        program: 'rustup',
        args: ['target', 'add', 'wasm32-unknown-unknown', '--toolchain', 'x'],
      },
    });
  });

  it('of a Rust without rustup is nothing to repair', () => {
    const diagnosis = diagnoseWasmTarget(missing('LF012', ['This Rust is not one of rustup']), ROOT);
    expect(diagnosis.status).toBe('problem');
    expect(diagnosis).not.toHaveProperty('repair');
  });
});

describe('cargo-leptos', () => {
  it.each([
    ['0.3.11', 'ok'],
    ['0.3.12', 'ok'],
    ['0.3.8', 'ok'],
    ['0.3.7', 'warning'],
    ['0.2.40', 'warning'],
    ['0.4.0', 'unknown'],
    ['1.0.0', 'unknown'],
  ])('%s is %s', (version, status) => {
    expect(diagnoseCargoLeptos(tool(version), ROOT).status).toBe(status);
  });

  it('is installed in the version that was tried', () => {
    expect(diagnoseCargoLeptos(missing('LF011', ['x']), ROOT)).toMatchObject({
      code: 'LF011',
      repair: { program: 'cargo', args: ['install', 'cargo-leptos@0.3.11', '--locked'] },
    });
  });
});

describe('wasm-bindgen', () => {
  const facts = {
    locked: '0.2.130',
    downloaded: undefined,
    canDownload: true,
    cargoBin: '/cargo/bin',
    folder: '/home/ann',
  };
  const onPath = { status: 'ok', value: undefined } as const;

  it('matches', () => {
    expect(diagnoseWasmBindgen(tool('0.2.130'), facts)).toEqual({ status: 'ok', found: '0.2.130, as in Cargo.lock' });
  });

  it('in cargo’s folder is replaced', () => {
    const finding = missing('LF013', ['x'], '/cargo/bin/wasm-bindgen');
    expect(diagnoseWasmBindgen(finding, facts)).toMatchObject({
      status: 'problem',
      repair: { args: ['install', 'wasm-bindgen-cli@0.2.130', '--locked'] },
    });
  });

  it('elsewhere is not, since it would still be found first', () => {
    const diagnosis = diagnoseWasmBindgen(missing('LF013', ['x'], '/usr/bin/wasm-bindgen'), facts);
    expect(diagnosis.status).toBe('problem');
    expect(diagnosis).not.toHaveProperty('repair');
  });

  it('need not be on PATH: downloaded is fine, to be downloaded is unknown, without downloads it is missing', () => {
    expect(diagnoseWasmBindgen(onPath, { ...facts, downloaded: '/cache' }).status).toBe('ok');
    expect(diagnoseWasmBindgen(onPath, facts).status).toBe('unknown');
    expect(diagnoseWasmBindgen(onPath, { ...facts, canDownload: false })).toMatchObject({
      status: 'problem',
      repair: { kind: 'install' },
    });
  });

  it('is unknown before there is a Cargo.lock', () => {
    expect(diagnoseWasmBindgen(tool('0.2.130'), { ...facts, locked: undefined }).status).toBe('unknown');
  });
});

describe.each<[string, Parameters<typeof diagnose>[0], [string, Machine, string, string?][]]>([
  [
    'node',
    nodeCheck,
    [
      ['new enough', { nodeVersion: '20.19.0' }, 'ok'],
      ['too old', { nodeVersion: '20.18.3' }, 'problem', 'older than 20.19.0'],
    ],
  ],
  [
    'linker',
    linkerCheck,
    [
      ['cc', {}, 'ok', 'cc'],
      ['no cc', { tools: ['rustc'] }, 'problem', 'no cc on PATH'],
      ['no rustc to ask', { tools: ['cc'] }, 'unknown'],
      [
        'configured and there',
        {
          tools: ['rustc', 'clang'],
          files: { '.cargo/config.toml': '[target.x86_64-unknown-linux-gnu]\nlinker = "clang"' },
        },
        'ok',
        'clang',
      ],
      [
        'configured in a folder above and missing',
        { files: { '/.cargo/config.toml': '[target.x86_64-unknown-linux-gnu]\nlinker = "clang"' } },
        'problem',
        'clang is configured',
      ],
      [
        'by a variable and missing',
        { env: { CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_LINKER: 'clang' } },
        'problem',
        'clang is configured',
      ],
      [
        'mold that is there',
        {
          tools: ['rustc', 'cc', 'mold'],
          files: {
            '.cargo/config.toml': '[target.x86_64-unknown-linux-gnu]\nrustflags = ["-C", "link-arg=-fuse-ld=mold"]',
          },
        },
        'ok',
        'mold',
      ],
      [
        'mold that is not',
        {
          files: { '.cargo/config.toml': '[target.x86_64-unknown-linux-gnu]\nrustflags = "-Clink-arg=-fuse-ld=mold"' },
        },
        'problem',
        'mold is configured',
      ],
      [
        'a driver in RUSTFLAGS that is not',
        { env: { RUSTFLAGS: '-C linker=clang' } },
        'problem',
        'clang is configured',
      ],
      ['a driver in RUSTFLAGS that is there', { env: { RUSTFLAGS: '-Clinker=cc' } }, 'ok', 'cc (RUSTFLAGS)'],
      [
        'one for wasm that is missing',
        { files: { '.cargo/config.toml': '[target.wasm32-unknown-unknown]\nlinker = "wasm-ld"' } },
        'problem',
        'wasm-ld',
      ],
      [
        'of Windows',
        { answers: { 'rustc -vV': { kind: 'answered', stdout: 'host: x86_64-pc-windows-msvc' } } },
        'unknown',
        'Visual Studio',
      ],
    ],
  ],
  [
    'rustflags',
    rustflagsCheck,
    [
      ['none', {}, 'ok'],
      ['a harmless variable', { env: { RUSTFLAGS: '--cfg tokio_unstable' } }, 'warning', 'RUSTFLAGS is set'],
      ['a linker for both sides', { env: { RUSTFLAGS: '-C link-arg=-fuse-ld=mold' } }, 'problem', 'reaches the wasm'],
      ['a processor for both sides', { env: { RUSTFLAGS: '-C target-cpu=native' } }, 'warning', 'reaches the wasm'],
      ['encoded', { env: { CARGO_ENCODED_RUSTFLAGS: '-g' } }, 'problem', 'CARGO_ENCODED_RUSTFLAGS'],
      [
        'a linker under [build]',
        { files: { '.cargo/config.toml': '[build]\nrustflags = ["-Clinker=clang"]' } },
        'problem',
        '[build] rustflags',
      ],
      [
        'harmless ones under [build]',
        { files: { '.cargo/config.toml': '[build]\nrustflags = ["--cfg", "x"]' } },
        'ok',
        '--cfg x',
      ],
      [
        "a linker under the server's target",
        {
          files: {
            '.cargo/config.toml': '[target.x86_64-unknown-linux-gnu]\nrustflags = ["-Clink-arg=-fuse-ld=mold"]',
          },
        },
        'ok',
      ],
      [
        "in cargo's home",
        { files: { '/home/ann/.cargo/config.toml': '[build]\nrustflags = "-Clinker=cc"' } },
        'problem',
      ],
      [
        "a linker of the host's under the wasm's own target",
        {
          files: {
            '.cargo/config.toml': '[target.wasm32-unknown-unknown]\nrustflags = ["-C", "link-arg=-fuse-ld=lld"]',
          },
        },
        'problem',
        'target.wasm32-unknown-unknown',
      ],
      [
        'the same by a variable',
        { env: { CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS: '-Clinker=clang' } },
        'problem',
        'CARGO_TARGET_WASM32',
      ],
      [
        "what the wasm's target does know",
        {
          files: { '.cargo/config.toml': '[target.wasm32-unknown-unknown]\nrustflags = ["-Ctarget-feature=+simd128"]' },
        },
        'ok',
      ],
      ['in a file that is no TOML', { files: { '.cargo/config.toml': '[build' } }, 'problem', 'not valid TOML'],
    ],
  ],
  [
    'leptos-env',
    leptosEnvCheck,
    [
      ['none', { env: { PATH: '/bin', LEPTOS_FAST_EDITOR: 'vi' } }, 'ok'],
      ['a pinned tool', { env: { LEPTOS_TAILWIND_VERSION: 'v4.1.0' } }, 'ok'],
      ['left over', { env: { LEPTOS_SITE_ADDR: '0.0.0.0:80', LEPTOS_ENV: 'PROD' } }, 'warning', 'LEPTOS_ENV=PROD'],
    ],
  ],
  [
    'memory',
    memoryCheck,
    [
      ['enough', {}, 'ok', '8 GB free of 16 GB, for 4 jobs'],
      ['little for so many', { cores: 32 }, 'warning', 'for 32 jobs'],
      ['little, but few jobs', { cores: 32, env: { CARGO_BUILD_JOBS: '4' } }, 'ok'],
      ['little, by configuration', { files: { '.cargo/config.toml': '[build]\njobs = 16' } }, 'warning', '16 jobs'],
      ['too little', { cores: 1, memory: { total: 2e9, available: 0.6e9 } }, 'problem', '600 MB free'],
    ],
  ],
  [
    'file-events',
    fileEventsCheck,
    [
      ['of Linux', {}, 'ok'],
      ['in WSL', { files: { '/proc/version': 'Linux 5.15 microsoft-standard-WSL2' } }, 'ok', 'in WSL'],
      ['a Windows drive in WSL', { withoutEvents: async () => '9p' }, 'warning', '9p'],
      ['a network drive', { withoutEvents: async () => 'NFS' }, 'warning', 'NFS'],
      [
        'a mount of Docker Desktop',
        { files: { '/.dockerenv': '' }, fileSystem: async () => ({ type: 0x65735546, freeBytes: 1 }) },
        'unknown',
        'container',
      ],
      ['a file system that does not tell', { fileSystem: async () => undefined }, 'unknown'],
      ['macOS', { platform: 'darwin' }, 'ok'],
      ['an unknown system', { platform: 'sunos' }, 'unknown'],
    ],
  ],
])('%s', (_id, check, cases) => {
  it.each(cases)('%s', async (_what, machine, status, found = '') => {
    const diagnosis = await diagnose(check, machine);
    expect(diagnosis.status).toBe(status);
    expect(diagnosis.found).toContain(found);
    // Nobody is told of a fault without being told the way out.
    if (status === 'problem' || status === 'warning') expect(diagnosis.fix).not.toEqual([]);
  });
});

it('memory names the number of jobs that fits', async () => {
  expect((await diagnose(memoryCheck, { cores: 32 })).fix?.[0]).toBe('CARGO_BUILD_JOBS=8 leptos-fast dev');
});

it('a check with several findings tells the worst first and all ways out', async () => {
  const files = { '.cargo/config.toml': '[build]\ntarget = "x86_64-unknown-linux-gnu"\nincremental = false' };
  const diagnosis = await diagnose(cargoConfigCheck, { files });
  expect(diagnosis).toMatchObject({ status: 'problem', found: '[build] target is x86_64-unknown-linux-gnu' });
  expect(diagnosis.why).toContain('[build] incremental is off');
  expect(diagnosis.fix).toHaveLength(2);
});

it('versions are ordered as numbers, pre-releases first', () => {
  const sorted = ['0.10.0', '0.8.9', '0.8.16', '0.8.16-rc1', '0.8.16'].sort(compareVersions);
  expect(sorted).toEqual(['0.8.9', '0.8.16-rc1', '0.8.16', '0.8.16', '0.10.0']);
});

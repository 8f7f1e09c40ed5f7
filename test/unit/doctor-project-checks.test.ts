import { describe, expect, it } from 'vitest';
import { resolveSettings } from '../../src/config/resolve-settings.js';
import { err, ok } from '../../src/core/result.js';
import { cargoConfigCheck } from '../../src/doctor/checks/cargo-config.js';
import { devProfileCheck } from '../../src/doctor/checks/dev-profile.js';
import { diskCheck } from '../../src/doctor/checks/disk.js';
import { fastProfileCheck } from '../../src/doctor/checks/fast-profile.js';
import { gitignoreCheck } from '../../src/doctor/checks/gitignore.js';
import { hashFilesCheck } from '../../src/doctor/checks/hash-files.js';
import { inotifyCheck } from '../../src/doctor/checks/inotify.js';
import { liveReloadCheck } from '../../src/doctor/checks/live-reload.js';
import { portsCheck } from '../../src/doctor/checks/ports.js';
import { rustAnalyzerCheck } from '../../src/doctor/checks/rust-analyzer.js';
import { settingsCheck } from '../../src/doctor/checks/settings.js';
import { styleToolsCheck } from '../../src/doctor/checks/style-tools.js';
import { symlinksCheck } from '../../src/doctor/checks/symlinks.js';
import { diagnose, type Machine, type Project, ROOT } from './doctor-support.js';

const WATCHES = '/proc/sys/fs/inotify/max_user_watches';
const GIT = { '.git/HEAD': '', 'src/lib.rs': '' };
const manyFolders = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [`src/m${n}/mod.rs`, '']));
const free = (gigabytes: number) => ({ fileSystem: async () => ({ type: 0xef53, freeBytes: gigabytes * 1e9 }) });
const listening =
  (...ports: number[]) =>
  async (_host: string, port: number) =>
    ports.includes(port);
const process = (pid: number) => ({ pid, parent: 1, startedAt: '7', command: 'node' });
const cargoToml = (text: string): Machine => ({ files: { 'Cargo.toml': text } });

describe.each<[string, Parameters<typeof diagnose>[0], [string, Machine, Project, string, string?][]]>([
  [
    'cargo-config',
    cargoConfigCheck,
    [
      ['none', {}, {}, 'ok'],
      [
        'a default target',
        { files: { '.cargo/config.toml': '[build]\ntarget = "x"' } },
        {},
        'problem',
        '[build] target',
      ],
      ['a default target by variable', { env: { CARGO_BUILD_TARGET: 'x' } }, {}, 'problem', 'CARGO_BUILD_TARGET'],
      [
        'a default target of which cargo-leptos knows',
        { env: { CARGO_BUILD_TARGET: 'x' }, files: { 'Cargo.toml': 'bin-target-triple = "x"' } },
        {},
        'ok',
      ],
      ['incremental off', { env: { CARGO_INCREMENTAL: '0' } }, {}, 'warning', 'CARGO_INCREMENTAL'],
      [
        'incremental off in the file, on by variable',
        { env: { CARGO_INCREMENTAL: '1' }, files: { '.cargo/config.toml': '[build]\nincremental = false' } },
        {},
        'ok',
      ],
    ],
  ],
  [
    'inotify',
    inotifyCheck,
    [
      ['many', { files: { [WATCHES]: '65536\n', 'src/lib.rs': '' } }, {}, 'ok', '65536 watches for 2 folders'],
      ['hardly enough', { files: { [WATCHES]: '300', ...manyFolders(100) } }, {}, 'warning'],
      ['too few', { files: { [WATCHES]: '100', ...manyFolders(100) } }, {}, 'problem'],
      [
        'enough, since what is built is not watched',
        {
          files: {
            [WATCHES]: '100',
            'target/debug/deps/x': '',
            ...Object.fromEntries(Array.from({ length: 200 }, (_, n) => [`target/d${n}/x`, ''])),
          },
        },
        {},
        'ok',
      ],
      [
        'few programs',
        { files: { [WATCHES]: '65536', '/proc/sys/fs/inotify/max_user_instances': '16' } },
        {},
        'warning',
        'only 16 programs',
      ],
      ['not readable', {}, {}, 'unknown'],
      ['elsewhere than Linux', { platform: 'darwin' }, {}, 'ok'],
    ],
  ],
  [
    'ports',
    portsCheck,
    [
      ['free', {}, {}, 'ok', '3000 and 3001 are free'],
      [
        'the site by a known program',
        { isListening: listening(3000), listener: async () => process(42) },
        {},
        'problem',
        'taken by node (process 42)',
      ],
      ['the site by whom nobody tells', { isListening: listening(3000) }, {}, 'problem', 'does not tell'],
      ['the reload port', { isListening: listening(3001) }, {}, 'warning', 'live-reload port 3001'],
      [
        'both by a running dev and its app',
        {
          files: { 'target/leptos-fast/dev.lock': JSON.stringify({ owner: process(7), offspring: [process(8)] }) },
          isAlive: async ({ pid }) => pid === 7,
          isListening: listening(3000, 3001),
          listener: async (port) => process(port === 3000 ? 7 : 8),
        },
        {},
        'ok',
        'runs on this project (process 7)',
      ],
      [
        'by another program beside a running dev',
        {
          files: { 'target/leptos-fast/dev.lock': JSON.stringify({ owner: process(7), offspring: [] }) },
          isAlive: async () => true,
          isListening: listening(3000),
          listener: async () => process(99),
        },
        {},
        'problem',
      ],
      [
        'by an app that a killed dev left',
        {
          files: { 'target/leptos-fast/dev.lock': JSON.stringify({ owner: process(7), offspring: [process(8)] }) },
          isListening: listening(3000),
          listener: async () => process(8),
        },
        {},
        'problem',
      ],
    ],
  ],
  [
    'disk',
    diskCheck,
    [
      ['enough', free(20), {}, 'ok', '20 GB free'],
      ['hardly enough', free(6), {}, 'warning'],
      ['too little', free(3), {}, 'problem'],
      [
        'enough for what was built before',
        { ...free(3.5), files: { 'target/front/wasm32-unknown-unknown/x': '' } },
        {},
        'ok',
      ],
      [
        'too little even so',
        { ...free(0.5), files: { 'target/front/wasm32-unknown-unknown/x': '' } },
        {},
        'problem',
        '500 MB',
      ],
      ['not told', { fileSystem: async () => undefined }, {}, 'unknown'],
    ],
  ],
  [
    'symlinks',
    symlinksCheck,
    [
      ['allowed', { files: { 'target/x': '' } }, {}, 'ok'],
      [
        'refused',
        { files: { 'target/x': '' }, tryLink: async () => ({ kind: 'refused', why: 'EPERM' }) },
        {},
        'warning',
      ],
      [
        'not to be tried',
        { files: { 'target/x': '' }, tryLink: async () => ({ kind: 'not tried', why: 'EROFS' }) },
        {},
        'unknown',
      ],
      ['no target directory yet', {}, {}, 'unknown'],
    ],
  ],
  [
    'gitignore',
    gitignoreCheck,
    [
      ['no repository', {}, {}, 'ok', 'not in a git repository'],
      ['target anchored', { files: { ...GIT, '.gitignore': '/target\n' } }, {}, 'ok', 'sources are not'],
      [
        'target named in a folder above',
        { files: { '/.git/HEAD': '', '/.gitignore': 'target\n', 'src/lib.rs': '' } },
        {},
        'ok',
      ],
      ['no .gitignore', { files: GIT }, {}, 'warning', 'names target'],
      ['taken back', { files: { ...GIT, '.gitignore': '/target\n!/target\n' } }, {}, 'warning', 'names target'],
      [
        'sources by an unanchored pattern',
        { files: { ...GIT, '.gitignore': '/target\nsite\n', 'src/site/mod.rs': '' } },
        {},
        'warning',
        'src/site/mod.rs',
      ],
      [
        'sources by a .gitignore above',
        { files: { '/.git/HEAD': '', '/.gitignore': 'target\n*.rs\n', 'src/lib.rs': '' } },
        {},
        'warning',
        'src/lib.rs',
      ],
      [
        'sources by a .gitignore among them',
        { files: { ...GIT, '.gitignore': '/target', 'src/.gitignore': 'lib.rs' } },
        {},
        'warning',
        'src/lib.rs',
      ],
      [
        'sources ignored above and taken back among them',
        { files: { ...GIT, '.gitignore': '/target\n*.rs\n', 'src/.gitignore': '!*.rs\n' } },
        {},
        'ok',
      ],
      ['sources ignored and taken back', { files: { ...GIT, '.gitignore': '/target\n*.rs\n!src/**\n' } }, {}, 'ok'],
    ],
  ],
  [
    'rust-analyzer',
    rustAnalyzerCheck,
    [
      ['another profile by the gate', {}, {}, 'ok', 'target/dev-fast'],
      ['another profile in the manifest', {}, { config: { binProfileDev: 'quick' } }, 'ok', 'target/quick'],
      ['the dev profile', {}, { config: { binProfileDev: 'dev' } }, 'unknown'],
      [
        'the dev profile, and a folder of its own in VS Code',
        { files: { '.vscode/settings.json': '{ // mine\n "rust-analyzer.cargo.targetDir": true }' } },
        { config: { binProfileDev: 'dev' } },
        'ok',
        '.vscode/settings.json',
      ],
      [
        'the dev profile, and none in rust-analyzer.toml',
        { files: { 'rust-analyzer.toml': '[cargo]\ntargetDir = false' } },
        { config: { binProfileDev: 'dev' } },
        'unknown',
      ],
    ],
  ],
  [
    'fast-profile',
    fastProfileCheck,
    [
      ['none', {}, {}, 'ok', 'by itself'],
      ['up to date', { initState: async () => ({ kind: 'up to date', preset: 'minimal' }) }, {}, 'ok', 'minimal'],
      ['outdated', { initState: async () => ({ kind: 'outdated', preset: 'balanced', files: ['/x'] }) }, {}, 'warning'],
      ['not known', { initState: async () => ({ kind: 'unknown', why: 'no cargo' }) }, {}, 'unknown', 'no cargo'],
    ],
  ],
  [
    'dev-profile',
    devProfileCheck,
    [
      ['plain', cargoToml('[profile.release]\npanic = "abort"\nlto = true'), {}, 'ok'],
      ['panic = "abort"', cargoToml('[profile.dev]\npanic = "abort"'), {}, 'warning', 'panic = "abort"'],
      ['lto', cargoToml('[profile.dev]\nlto = "thin"'), {}, 'warning', 'lto = "thin"'],
      ['one codegen unit', cargoToml('[profile.dev]\ncodegen-units = 1'), {}, 'warning', 'codegen-units = 1'],
      ['optimised', cargoToml('[profile.dev]\nopt-level = "z"'), {}, 'warning', 'opt-level'],
      ['a little optimised', cargoToml('[profile.dev]\nopt-level = 1'), {}, 'ok'],
      ['one that is not used', cargoToml('[profile.other]\ninherits = "dev"\npanic = "abort"'), {}, 'ok'],
      ['a release profile', {}, { config: { libProfileDev: 'release' } }, 'warning', 'release'],
      [
        'one that inherits from release',
        cargoToml('[profile.wasm-release]\ninherits = "release"'),
        { config: { libProfileDev: 'wasm-release' } },
        'warning',
        'wasm-release',
      ],
      [
        'one that takes back what it inherits',
        cargoToml('[profile.dev]\nlto = true\n[profile.quick]\ninherits = "dev"\nlto = false'),
        { config: { libProfileDev: 'quick', binProfileDev: 'quick' } },
        'ok',
      ],
      [
        'one in the configuration',
        { files: { '.cargo/config.toml': '[profile.dev]\nlto = true' } },
        {},
        'warning',
        'lto',
      ],
    ],
  ],
  [
    'hash-files',
    hashFilesCheck,
    [
      ['off', {}, { config: { hashFiles: false } }, 'ok'],
      ['on', {}, { config: { hashFiles: true } }, 'warning'],
      ['on by a variable', { env: { LEPTOS_HASH_FILES: 'true' } }, { config: { hashFiles: true } }, 'warning'],
    ],
  ],
  [
    'live-reload',
    liveReloadCheck,
    [
      ['new', {}, { locked: { leptos: ['0.8.16'] } }, 'ok'],
      ['old', {}, { locked: { leptos: ['0.8.9'] } }, 'warning', '0.8.9'],
      ['old beside new', {}, { locked: { leptos: ['0.8.23', '0.7.8'] } }, 'warning', '0.7.8'],
      ['no Cargo.lock', {}, { locked: {} }, 'unknown'],
    ],
  ],
  [
    'style-tools',
    styleToolsCheck,
    [
      ['plain CSS', {}, { config: { styleFile: '/project/main.css' } }, 'ok', 'none needed'],
      ['Sass on PATH', { tools: ['sass'] }, { config: { styleFile: '/project/main.scss' } }, 'ok', 'Dart Sass on PATH'],
      ['no Sass yet', {}, { config: { styleFile: '/project/main.scss' } }, 'unknown', 'downloads 1.86.0'],
      [
        'a pinned Sass',
        { env: { LEPTOS_SASS_VERSION: '1.90.0' } },
        { config: { styleFile: '/project/main.sass' } },
        'unknown',
        '1.90.0',
      ],
      [
        'Sass, downloaded',
        { files: { '/home/ann/.cache/cargo-leptos/sass-1.86.0/sass-1.86.0/dart-sass/sass': '' } },
        { config: { styleFile: '/project/main.scss' } },
        'ok',
        'downloaded',
      ],
      [
        'Sass without a download',
        { arch: 'riscv64' },
        { config: { styleFile: '/project/main.scss' } },
        'problem',
        'no download',
      ],
      [
        'Tailwind from npm',
        { files: { 'package.json': '{}', 'node_modules/.bin/tailwindcss': '' } },
        { config: { styleFile: '/project/main.css', tailwindInputFile: '/project/tw.css' } },
        'ok',
        'Tailwind CSS on PATH',
      ],
      [
        'Tailwind from npm, but no package.json',
        { files: { 'node_modules/.bin/tailwindcss': '' } },
        { config: { styleFile: '/project/main.css', tailwindInputFile: '/project/tw.css' } },
        'unknown',
        'v4.2.1',
      ],
    ],
  ],
])('%s', (_id, check, cases) => {
  it.each(cases)('%s', async (_what, machine, project, status, found = '') => {
    const diagnosis = await diagnose(check, machine, {
      config: { reloadPort: 3001, ...project.config },
      ...without(project),
    });
    expect(diagnosis.found).toContain(found);
    expect(diagnosis.status).toBe(status);
    // Nobody is told of a fault without being told the way out.
    if (status === 'problem' || status === 'warning') expect(diagnosis.fix).not.toEqual([]);
  });
});

function without({ config: _config, ...rest }: Project): Project {
  return rest;
}

const NOT_FAST = { settings: async () => ok({ ...resolveSettings([]).settings, fast: false }) };
const BROKEN: Machine = {
  settings: async () =>
    err([
      {
        code: 'LF023',
        message: 'there is no setting prot',
        where: { file: '/x/leptos-fast.toml', line: 3 },
        help: ['did you mean port?'],
        exitCode: 2,
      },
    ]),
};

describe('settings of leptos-fast', () => {
  it('that cannot be read are a problem, with their place', async () => {
    expect(await diagnose(settingsCheck)).toMatchObject({ status: 'ok' });
    expect(await diagnose(settingsCheck, BROKEN)).toMatchObject({
      status: 'problem',
      code: 'LF023',
      found: 'there is no setting prot',
      where: { line: 3 },
      fix: ['did you mean port?'],
    });
  });

  it('that turn fast mode off are heeded where the profile matters', async () => {
    expect(await diagnose(rustAnalyzerCheck, NOT_FAST)).toMatchObject({ status: 'unknown' });
    expect((await diagnose(fastProfileCheck, NOT_FAST)).found).toContain('fast = false');
    const own = { config: { binProfileDev: 'mine' } };
    expect((await diagnose(fastProfileCheck, {}, own)).found).toContain('a profile of its own');
  });
});

it('hash-files of a variable is not looked for in Cargo.toml', async () => {
  const byVariable: Machine = { env: { LEPTOS_HASH_FILES: 'true' } };
  const diagnosis = await diagnose(hashFilesCheck, byVariable, { config: { hashFiles: true } });
  expect(diagnosis).not.toHaveProperty('where');
  expect(diagnosis.fix?.[0]).toBe('unset LEPTOS_HASH_FILES');
});

it('a profile that is named and not there is a problem', async () => {
  const named: Project = { config: { libProfileDev: 'dev-fast', binProfileDev: 'dev-fast' } };
  expect(await diagnose(devProfileCheck, cargoToml(''), named)).toMatchObject({
    status: 'problem',
    found: expect.stringContaining('there is no [profile.dev-fast]'),
  });
  expect(await diagnose(devProfileCheck, cargoToml('[profile.dev-fast]\ninherits = "dev"'), named)).toMatchObject({
    status: 'ok',
  });
  const configured: Machine = {
    files: { 'Cargo.toml': '', '.cargo/config.toml': '[profile.dev-fast]\ninherits = "dev"' },
  };
  expect(await diagnose(devProfileCheck, configured, named)).toMatchObject({ status: 'ok' });
});

it('a style-file that is not there is a problem', async () => {
  const diagnosis = await diagnose(styleToolsCheck, {}, { hasNoStyle: true });
  expect(diagnosis).toMatchObject({ status: 'problem', where: { file: expect.stringContaining(ROOT) } });
});

it('a target directory that cannot be written is a problem', async () => {
  expect(await diagnose(diskCheck, { canWrite: async () => false })).toMatchObject({
    status: 'problem',
    code: 'LF007',
  });
});

describe('the .gitignore', () => {
  const repairOf = async (gitignore: string | undefined) =>
    (await diagnose(gitignoreCheck, { files: { ...GIT, ...(gitignore !== undefined && { '.gitignore': gitignore }) } }))
      .repair;

  it.each([
    [undefined, '/target\n'],
    ['', '/target\n'],
    ['/dist', '/dist\n/target\n'],
    ['/dist\r\n', '/dist\r\n/target\r\n'],
  ])('%j gets a line', async (before, after) => {
    expect(await repairOf(before)).toEqual({ kind: 'edit', file: `${ROOT}/.gitignore`, before, after });
  });

  it('is anchored where it names a folder above the project', async () => {
    const root = '/data/target/app';
    const files = { [`${root}/.git/HEAD`]: '', [`${root}/.gitignore`]: '# built\ntarget\n*.log\n' };
    const diagnosis = await diagnose(
      gitignoreCheck,
      { files },
      { workspace: { root, targetDir: `${root}/target`, packages: [] } },
    );
    expect(diagnosis).toMatchObject({
      status: 'warning',
      where: { file: `${root}/.gitignore`, line: 2 },
      repair: { kind: 'edit', after: '# built\n/target\n*.log\n' },
    });
  });
});

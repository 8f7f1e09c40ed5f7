/**
 * Rust's standard library for the browser, wasm32-unknown-unknown.
 */
import {
  accessSync,
  constants,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { cacheDir } from './paths.mjs';
import { ask, findCommand, Interrupted, runStep, SetupError } from './process.mjs';
import { debianMirror } from './system.mjs';

const TARGET = 'wasm32-unknown-unknown';
const RUSTUP_LIMIT_MS = 180_000;

/**
 * Lets rustup add the target. Where its server can't be reached, a Debian machine builds the library from the same
 * version's sources.
 *
 * @param {import('./toolchain.mjs').Context} context
 */
export async function ensureWasmStd(context) {
  const { env, log } = context;
  if (hasWasmStd(env)) {
    log.say(`✓ ${TARGET}`);
    return;
  }
  const failures = [];
  for (const way of [addWithRustup, buildFromSource]) {
    try {
      await way(context);
    } catch (error) {
      if (!(error instanceof SetupError) || error instanceof Interrupted) throw error;
      failures.push(error.message);
    }
    if (hasWasmStd(env)) {
      log.say(`✓ ${TARGET}`);
      return;
    }
  }
  throw new SetupError(
    [`the ${TARGET} target of Rust is not installed`, ...failures].join('\n  '),
    `rustup target add ${TARGET}\nwith a Rust from the system's packages: install the package of its wasm32 library`,
  );
}

/** Whether rustc has a standard library for the target. */
function hasWasmStd(env) {
  const dir = ask(rustc(env), ['--print', 'target-libdir', '--target', TARGET], { env }).stdout.trim();
  return dir !== '' && existsSync(dir) && readdirSync(dir).some((name) => /^libstd-.*\.rlib$/.test(name));
}

const rustc = (env) => findCommand('rustc', env);

/** @param {import('./toolchain.mjs').Context} context */
async function addWithRustup({ env, log }) {
  const rustup = findCommand('rustup', env);
  if (!rustup) throw new SetupError('rustup is not on PATH');
  log.say(`  adding ${TARGET}: a download of some 25 MB`);
  await runStep('rustup', rustup, ['target', 'add', TARGET], { env, log, timeoutMs: RUSTUP_LIMIT_MS });
}

/**
 * Builds the library with cargo's -Zbuild-std from the sources in rustc's own folder (rustup's rust-src component) or,
 * if there are none, from those of the same version in Debian's archive.
 *
 * @param {import('./toolchain.mjs').Context} context
 */
async function buildFromSource(context) {
  const { env, log } = context;
  const version = ask(rustc(env), ['--version'], { env }).stdout.split(' ')[1] ?? '';
  const sysroot = ask(rustc(env), ['--print', 'sysroot'], { env }).stdout.trim();
  const work = join(cacheDir(env), 'build', `wasm-std-${version}`);
  checkWritable(sysroot);
  mkdirSync(work, { recursive: true });
  const library = join(sysroot, 'lib/rustlib/src/rust/library');
  if (!existsSync(join(library, 'std'))) await unpackDebianSource(context, version, work, library);
  log.say(`  building ${TARGET} from source: about a minute`);
  const built = await buildStd(context, work);
  installLibraries(built, join(sysroot, 'lib/rustlib', TARGET, 'lib'));
  rmSync(work, { recursive: true, force: true });
}

function checkWritable(sysroot) {
  try {
    accessSync(join(sysroot, 'lib'), constants.W_OK);
  } catch {
    throw new SetupError(`${sysroot} belongs to another user, so no target can be added to it`);
  }
}

/** Puts Debian's rust-src of exactly this version where rustc looks for sources. */
async function unpackDebianSource({ env, log, system }, version, work, library) {
  const mirror = system.debian ? debianMirror(system.aptDir) : undefined;
  const [curl, dpkg] = ['curl', 'dpkg-deb'].map((command) => findCommand(command, env));
  if (!mirror || !curl || !dpkg) throw new SetupError('no sources of the standard library to build it from');
  const deb = join(work, 'rust-src.deb');
  if (!downloadFirst(curl, debianFiles(version, mirror), deb, env)) {
    throw new SetupError(`Debian's archive has no rust-src of version ${version}`);
  }
  const unpacked = join(work, 'rust-src');
  await runStep('rust-src', dpkg, ['-x', deb, unpacked], { env, log });
  installFolder(join(unpacked, 'usr/src', `rustc-${version}`, 'library'), library);
}

/** The names that a version's package has in Debian: from its stable backports or from the development release. */
function debianFiles(version, mirror) {
  const revisions = ['2~bpo13+1', '2', '1~bpo13+1', '1'];
  return revisions.map((revision) => `${mirror}/pool/main/r/rustc/rust-src_${version}+dfsg1-${revision}_all.deb`);
}

function downloadFirst(curl, urls, file, env) {
  return urls.some((url) => ask(curl, ['-fsSL', '-o', file, url], { env, timeoutMs: RUSTUP_LIMIT_MS }).ok);
}

/** Builds an empty crate, and with it the standard library; returns the folder with the libraries. */
async function buildStd({ env, log }, work) {
  const probe = join(work, 'probe');
  mkdirSync(join(probe, 'src'), { recursive: true });
  writeFileSync(
    join(probe, 'Cargo.toml'),
    '[package]\nname = "probe"\nversion = "0.0.0"\nedition = "2021"\n[workspace]\n',
  );
  writeFileSync(join(probe, 'src/lib.rs'), '');
  const targetDir = join(work, 'target');
  const parts = '-Zbuild-std=std,panic_abort,panic_unwind,proc_macro';
  await runStep(TARGET, findCommand('cargo', env), ['build', '--release', '--target', TARGET, parts], {
    cwd: probe,
    // Stable Rust takes -Z flags only when told so.
    env: { ...env, RUSTC_BOOTSTRAP: '1', CARGO_TARGET_DIR: targetDir, CARGO_TERM_COLOR: 'never' },
    log,
  });
  return join(targetDir, TARGET, 'release/deps');
}

/** Puts the built libraries, without that of the empty crate, where rustc looks for them. */
function installLibraries(from, to) {
  const isWanted = (name) => /^lib(?!probe-).*\.rlib$/.test(name);
  installFolder(from, to, (source) => source === from || isWanted(basename(source)));
}

/** Copies a folder beside its place and moves it there at once, so that an interruption leaves no half. */
function installFolder(from, to, filter = () => true) {
  const half = `${to}.new`;
  rmSync(half, { recursive: true, force: true });
  mkdirSync(dirname(to), { recursive: true });
  cpSync(from, half, { recursive: true, filter });
  rmSync(to, { recursive: true, force: true });
  renameSync(half, to);
}

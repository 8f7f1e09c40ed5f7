import { readdir, readFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { exists } from '../../core/exists.js';
import { cargoHome } from '../cargo-home.js';
import type { Check, CheckContext, Finding, FoundTool } from '../check.js';
import { findExecutable } from '../find-executable.js';
import { askTool, versionIn } from '../run-tool.js';

/**
 * Does the wasm-bindgen that cargo-leptos will take fit the crate in Cargo.lock? cargo-leptos 0.3.11 takes the one on PATH, whatever
 * its version; without one it takes the locked version from its own cache or downloads it, which fits by itself
 * (`Exe::get` in ext/exe.rs). `undefined` stands for that second way, and for a project without wasm-bindgen.
 */
export const wasmBindgenCheck: Check<FoundTool | undefined> = { name: 'wasm-bindgen', check };

async function check({ workspace, env }: CheckContext): Promise<Finding<FoundTool | undefined>> {
  const path = await findExecutable('wasm-bindgen', await leptosEnv(workspace.root, env));
  if (path === undefined) return { status: 'ok', value: undefined };
  const answer = await askTool(path, ['--version'], { cwd: workspace.root, env });
  if (answer.kind === 'silent') return { status: 'unknown', why: answer.why };

  const [locked] = workspace.lockedCrates.get('wasm-bindgen') ?? [];
  const install = `cargo install wasm-bindgen-cli${locked === undefined ? '' : `@${locked}`} --locked`;
  if (answer.kind === 'failed') {
    return {
      status: 'missing',
      error: {
        code: 'LF013',
        message: 'wasm-bindgen does not run',
        where: { file: path },
        why: answer.why,
        help: [install],
        exitCode: 3,
      },
    };
  }
  const version = versionIn(answer.stdout);
  if (version === undefined) return { status: 'unknown', why: `${path} does not tell its version` };
  if (locked === undefined || version === locked || (await hasSameFormat(version, locked, env))) {
    return { status: 'ok', value: { path, version } };
  }
  return {
    status: 'missing',
    error: {
      code: 'LF013',
      message: `wasm-bindgen ${version} on PATH does not match wasm-bindgen ${locked} in Cargo.lock`,
      where: { file: path },
      why: 'cargo-leptos takes the one on PATH whatever its version, and the two must have the same format.',
      help: waysOut(path, install, locked, version, env),
      exitCode: 3,
    },
  };
}

/** What `cargo install` puts into cargo's folder helps only where the one that was found lies there too. */
function waysOut(
  path: string,
  install: string,
  locked: string,
  version: string,
  env: NodeJS.ProcessEnv,
): readonly string[] {
  const remove = `remove ${path}: cargo-leptos then downloads ${locked} by itself`;
  const follow = `or let the project follow, where its Cargo.toml allows it: cargo update wasm-bindgen --precise ${version}`;
  const isCargos = dirname(path) === join(cargoHome(env), 'bin');
  return isCargos ? [install, `or ${remove}`, follow] : [remove, `or replace it, for example: ${install}`, follow];
}

/** cargo-leptos puts `node_modules/.bin` in front of PATH when the workspace has a package.json (lib.rs). */
async function leptosEnv(root: string, env: NodeJS.ProcessEnv): Promise<NodeJS.ProcessEnv> {
  if (!(await exists(join(root, 'package.json'))) || !(await exists(join(root, 'node_modules')))) return env;
  return { ...env, PATH: [join(root, 'node_modules', '.bin'), env.PATH ?? ''].join(delimiter) };
}

/**
 * Not every release of wasm-bindgen changes the format: the crate names the release that last did. A command between that one
 * and the locked one fits too. Looked up in cargo's registry folder; what isn't there counts as different.
 */
async function hasSameFormat(version: string, locked: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  const format = await formatOf(locked, env);
  return format !== undefined && compare(format, version) <= 0 && compare(version, locked) <= 0;
}

async function formatOf(locked: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const sources = join(cargoHome(env), 'registry', 'src');
  for (const registry of await readdir(sources).catch(() => [])) {
    const file = join(sources, registry, `wasm-bindgen-shared-${locked}`, 'src', 'lib.rs');
    const source = await readFile(file, 'utf8').catch(() => '');
    const format = /SCHEMA_VERSION: &str = "(.+)"/.exec(source)?.[1];
    if (format !== undefined) return format;
  }
  return undefined;
}

/** Orders plain `x.y.z` versions. */
function compare(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}

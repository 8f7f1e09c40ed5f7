import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RustSide } from '../../../src/core/events.js';
import { SideCompilations } from '../../../src/plan/compilations.js';
import { loadWorkspace } from '../../../src/project/model.js';
import { filterByLockfile, loadPreset, PROFILE_NAME, presetToCargoConfigArgs } from '../../../src/project/preset.js';
import { readDepInfo } from '../../../src/watch/dep-info.js';
import { type SampleApp, TEST_TARGET } from './sample-app.js';
import { meaningOfWasm } from './wasm-sections.js';

/** What a build of a side gave. */
export interface Truth {
  /** Equal for artifacts that do the same, wherever in a file their code stands. */
  readonly meaning: string;
  readonly compilations: SideCompilations;
  readonly files: readonly string[];
  readonly startedAt: number;
}

/** cargo-leptos 0.3.11 sets these for both sides; `leptos` is built again when one is missing. */
const LEPTOS_ENV = {
  LEPTOS_BIN_DIR: '.',
  LEPTOS_HASH_FILES: 'false',
  LEPTOS_JS_MINIFY: 'false',
  LEPTOS_LIB_DIR: '.',
  LEPTOS_OUTPUT_NAME: 'tidepool',
  LEPTOS_RELOAD_PORT: '3001',
  LEPTOS_SITE_ADDR: '127.0.0.1:3000',
  LEPTOS_SITE_PKG_DIR: 'pkg',
  LEPTOS_SITE_ROOT: 'target/site',
  LEPTOS_WATCH: 'true',
  RUSTFLAGS: '--cfg erase_components',
};
/** With debug assertions `view!` writes its line into the page, for hot reload: as a comment, which the browser passes over. */
const NO_VIEW_MARKERS = ['--config', `profile.${PROFILE_NAME}.package.leptos_macro.debug-assertions=false`];

/** Builds the sample app's sides as cargo-leptos does, but without what tells where in a file code stands. */
export class TruthBuilds {
  readonly #app: SampleApp;
  readonly #config: readonly string[];

  private constructor(app: SampleApp, config: readonly string[]) {
    this.#app = app;
    this.#config = config;
  }

  static async prepare(app: SampleApp): Promise<TruthBuilds> {
    // Only the app itself is compiled so, and only with a flag that stable rustc does not take.
    app.write('rustc-without-places', '#!/bin/sh\nRUSTC_BOOTSTRAP=1 exec "$@" -Zlocation-detail=none\n');
    chmodSync(join(app.dir, 'rustc-without-places'), 0o755);
    const preset = await loadPreset('balanced');
    const workspace = await loadWorkspace(app.dir, { env: process.env });
    if (!preset.ok || !workspace.ok) throw new Error('the sample app cannot be read');
    const locked = new Set(workspace.value.lockedCrates.keys());
    const config = presetToCargoConfigArgs(filterByLockfile(preset.value, locked), PROFILE_NAME);
    return new TruthBuilds(app, [...config, ...NO_VIEW_MARKERS]);
  }

  /** Builds a side; rejects with the compiler's words when that fails. */
  async build(side: RustSide): Promise<Truth> {
    const startedAt = Date.now();
    const compilations = new SideCompilations();
    let artifact = '';
    for (const line of (await this.#cargo(side)).split('\n')) {
      compilations.read(line);
      const found = /"(?:executable":|filenames":\[)"([^"]*tidepool(?:\.wasm)?)"/.exec(line);
      artifact = found?.[1] ?? artifact;
    }
    const files = await readDepInfo(artifact, this.#app.dir);
    return { meaning: meaningOf(artifact), compilations, files, startedAt };
  }

  #cargo(side: RustSide): Promise<string> {
    const args =
      side === 'front'
        ? [
            '--lib',
            `--target-dir=${join(TEST_TARGET, 'front')}`,
            '--target=wasm32-unknown-unknown',
            '--features=hydrate',
          ]
        : ['--bin=tidepool', `--target-dir=${TEST_TARGET}`, '--features=ssr'];
    const child = spawn(
      'cargo',
      [
        'build',
        '--message-format=json',
        `--profile=${PROFILE_NAME}`,
        ...this.#config,
        '--no-default-features',
        ...args,
      ],
      {
        cwd: this.#app.dir,
        env: {
          ...process.env,
          ...LEPTOS_ENV,
          RUSTC_WORKSPACE_WRAPPER: join(this.#app.dir, 'rustc-without-places'),
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    let out = '';
    let err = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      err += text;
    });
    return new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code) => (code === 0 ? resolve(out) : reject(new Error(`${err}\n${out.slice(-4_000)}`))));
    });
  }
}

function meaningOf(artifact: string): string {
  const bytes = readFileSync(artifact);
  if (!artifact.endsWith('.wasm')) return createHash('sha1').update(bytes).digest('hex');
  return JSON.stringify([...meaningOfWasm(bytes)]);
}

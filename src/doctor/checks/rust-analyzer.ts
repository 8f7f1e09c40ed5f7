import { join } from 'node:path';
import type { DoctorCheck } from '../diagnosis.js';

/** Where a project may hold settings of rust-analyzer: its own file, VS Code's, Zed's and Helix's. */
const SETTINGS = ['rust-analyzer.toml', '.vscode/settings.json', '.zed/settings.json', '.helix/languages.toml'];

const OWN_FOLDER = /targetDir"?\s*[:=]\s*(true|"[^"]+")/;

/** cargo builds these profiles into `debug`, as rust-analyzer's checks do. */
const DEBUG_PROFILES = new Set(['dev', 'test']);

/**
 * Do rust-analyzer and the server's build wait for each other? cargo locks one profile's folder (`target/debug/.cargo-lock`), so they only
 * meet where the server is built with the dev profile. leptos-fast builds with dev-fast unless the manifest says otherwise.
 */
export const rustAnalyzerCheck: DoctorCheck = {
  id: 'rust-analyzer',
  of: 'project',
  check: async ({ system, workspace, projects }) => {
    const settings = await system.settings(workspace.root, system.env);
    const ours = settings.ok && !settings.value.fast ? 'dev' : 'dev-fast';
    const profiles = projects.map(({ config }) => config.binProfileDev ?? ours);
    const sharing = profiles.find((profile) => DEBUG_PROFILES.has(profile));
    if (sharing === undefined) {
      const [profile = 'dev-fast'] = profiles;
      return { status: 'ok', found: `its folder is target/debug, the server's target/${profile}` };
    }
    const texts = await Promise.all(SETTINGS.map((name) => system.readText(join(workspace.root, name))));
    const own = SETTINGS.find((_, index) => OWN_FOLDER.test(texts[index] ?? ''));
    if (own !== undefined) return { status: 'ok', found: `has a target directory of its own (${own})` };
    return {
      status: 'unknown',
      found: 'whether it shares target/debug with the server is up to your editor',
      why: `The server is built with the profile ${sharing}: a check after each save then keeps its build waiting ("Blocking waiting for file lock").`,
      fix: [
        'In the settings of your editor: "rust-analyzer.cargo.targetDir": true',
        'or build with a profile of its own: leptos-fast init',
      ],
    };
  },
};

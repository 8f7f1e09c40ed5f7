import type { DoctorCheck } from '../diagnosis.js';

/** Is what `leptos-fast init` wrote into the manifests still what this version would write? */
export const fastProfileCheck: DoctorCheck = {
  id: 'fast-profile',
  of: 'project',
  codes: ['LF020', 'LF030', 'LF031', 'LF032'],
  check: async ({ system, workspace, projects, root }) => {
    const state = await system.initState(root);
    switch (state.kind) {
      case 'absent': {
        const settings = await system.settings(workspace.root, system.env);
        if (settings.ok && !settings.value.fast) return { status: 'ok', found: 'turned off: fast = false' };
        const own = projects.find(({ config }) => config.libProfileDev ?? config.binProfileDev);
        const found = own
          ? `not in Cargo.toml: ${own.name} names a profile of its own for development`
          : 'not in Cargo.toml: leptos-fast dev hands it to cargo by itself';
        return { status: 'ok', found };
      }
      case 'up to date':
        return { status: 'ok', found: `${state.preset} preset, up to date in Cargo.toml` };
      case 'unknown':
        return { status: 'unknown', found: `whether it is up to date: ${state.why}` };
      case 'outdated': {
        const [file = workspace.manifestPath] = state.files;
        return {
          status: 'warning',
          found: `the ${state.preset} preset in Cargo.toml is not up to date`,
          why: 'This version of leptos-fast, or the crates in Cargo.lock, ask for other lines.',
          where: { file },
          fix: ['leptos-fast init'],
          repair: { kind: 'init', dir: root },
        };
      }
    }
  },
};

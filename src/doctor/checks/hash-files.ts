import type { DoctorCheck } from '../diagnosis.js';

/**
 * Are file names hashed in development? cargo-leptos hashes them in its first build only (0.3.11: `build_proj` of command/build.rs calls
 * `add_hashes_to_site`, `runner` of command/watch.rs, which makes all further ones, does not).
 */
export const hashFilesCheck: DoctorCheck = {
  id: 'hash-files',
  of: 'project',
  check: async ({ system, projects, workspace }) => {
    const hashed = projects.find(({ config }) => config.hashFiles);
    if (hashed === undefined) return { status: 'ok', found: 'off, as it should be in development' };
    return {
      status: 'warning',
      found: `hash-files is on for ${hashed.name}`,
      why: 'cargo leptos watch hashes the names in its first build only: after an edit the page goes on loading the old wasm and styles.',
      ...(system.env.LEPTOS_HASH_FILES === undefined
        ? {
            where: {
              file: workspace.metadataPlace === 'workspace' ? workspace.manifestPath : hashed.libPackage.manifestPath,
            },
            fix: [
              'Take hash-files out and set it where you release: LEPTOS_HASH_FILES=true cargo leptos build --release',
            ],
          }
        : {
            fix: [
              'unset LEPTOS_HASH_FILES',
              'and set it where you release: LEPTOS_HASH_FILES=true cargo leptos build --release',
            ],
          }),
    };
  },
};

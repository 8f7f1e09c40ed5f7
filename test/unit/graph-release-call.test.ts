import { expect, it } from 'vitest';
import { releaseCall } from '../../src/graph/sizes/release-call.js';
import { manifestLines, VARIANTS } from '../../src/graph/sizes/variants.js';

const CALL = {
  program: '/bin/cargo',
  args: ['build', '--lib', '--profile=dev-fast', '--target-dir=/app/target/front', '--features=hydrate'],
  cwd: '/app',
};

it('a call of development becomes one of a release, in a folder of ours', () => {
  const { args, env } = releaseCall(
    { ...CALL, env: { PATH: '/bin', RUSTFLAGS: '--cfg erase_components' } },
    { profile: 'wasm-release', entries: [{ path: ['opt-level'], value: 'z' }], targetDir: '/scratch' },
  );
  expect(args).toEqual([
    'build',
    '--lib',
    '--features=hydrate',
    '--profile=wasm-release',
    '--target-dir=/scratch',
    '--config',
    'profile.wasm-release.opt-level="z"',
  ]);
  expect(env).toEqual({ PATH: '/bin' });
});

it("keeps the user's own flags", () => {
  const flags = (RUSTFLAGS: string) =>
    releaseCall({ ...CALL, env: { RUSTFLAGS } }, { profile: 'release', entries: [], targetDir: '/t' }).env.RUSTFLAGS;
  expect(flags('--cfg=erase_components -Ctarget-feature=+simd128')).toBe('-Ctarget-feature=+simd128');
  expect(flags('-Copt-level=1 --cfg erase_components')).toBe('-Copt-level=1');
});

it('is written into the profile of the wasm, which a release without one gets', () => {
  const variant = VARIANTS.find(({ name }) => name === 'opt-level "z"') ?? VARIANTS[0];
  expect(manifestLines(variant, 'wasm-release')).toEqual(['[profile.wasm-release]', 'opt-level = "z"']);
  expect(manifestLines(variant, 'release')).toEqual([
    '[profile.wasm-release]',
    'inherits = "release"',
    'opt-level = "z"',
    '',
    '# in the Leptos metadata',
    'lib-profile-release = "wasm-release"',
  ]);
});

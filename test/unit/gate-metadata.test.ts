import { describe, expect, it } from 'vitest';
import type { Side } from '../../src/core/events.js';
import { type MetadataRewrite, rewriteMetadata } from '../../src/gate/rewrite-metadata.js';

const TRIGGERS: ReadonlyMap<Side, readonly string[]> = new Map([
  ['front', ['trigger/front']],
  ['style', ['trigger/style']],
]);

const OURS = [
  { paths: ['trigger/front'], 'change-types': ['lib-source'] },
  { paths: ['trigger/style'], 'change-types': ['style'] },
];

function rewritten(metadata: unknown, rewrite: Partial<MetadataRewrite> = {}): unknown {
  const options = {
    project: 'app',
    triggers: TRIGGERS,
    changeTypes: true,
    profiles: { lib: 'dev-fast', bin: 'dev-fast' },
    ...rewrite,
  };
  return JSON.parse(rewriteMetadata(JSON.stringify(metadata), options));
}

const inPackage = (leptos: unknown, name = 'app') => ({ packages: [{ name, version: '0.1.0', metadata: { leptos } }] });

describe('the Leptos settings of a package', () => {
  it('get the profiles and the triggers, and keep the rest', () => {
    expect(rewritten(inPackage({ 'site-addr': '127.0.0.1:3000' }))).toEqual(
      inPackage({
        'site-addr': '127.0.0.1:3000',
        'lib-profile-dev': 'dev-fast',
        'bin-profile-dev': 'dev-fast',
        'watch-additional-files': OURS,
      }),
    );
  });

  it('keep additional files of their own, in front of ours', () => {
    const own = ['locales', { paths: ['sql'], 'change-types': ['bin-source'] }];
    const result = rewritten(inPackage({ 'watch-additional-files': own })) as ReturnType<typeof inPackage>;
    expect(result.packages[0]?.metadata.leptos).toMatchObject({ 'watch-additional-files': [...own, ...OURS] });
  });

  it('get plain paths where cargo-leptos knows no change types', () => {
    const result = rewritten(inPackage({ 'watch-additional-files': ['locales'] }), { changeTypes: false });
    expect(result).toMatchObject(
      inPackage({ 'watch-additional-files': ['locales', 'trigger/front', 'trigger/style'] }),
    );
  });

  it('keep their profiles where none are given', () => {
    const options = { project: 'app', triggers: TRIGGERS, changeTypes: true };
    const text = rewriteMetadata(JSON.stringify(inPackage({ 'lib-profile-dev': 'mine' })), options);
    expect(JSON.parse(text).packages[0].metadata.leptos).toEqual({
      'lib-profile-dev': 'mine',
      'watch-additional-files': OURS,
    });
  });

  it('get the folders of the assets and of the site where they are others', () => {
    const rewrite = { assetsDir: '/p/target/leptos-fast/assets', siteRoot: '/p/target/leptos-fast/site' };
    const result = rewritten(inPackage({ 'assets-dir': 'public' }), rewrite) as ReturnType<typeof inPackage>;
    expect(result.packages[0]?.metadata.leptos).toMatchObject({
      'assets-dir': '/p/target/leptos-fast/assets',
      'site-root': '/p/target/leptos-fast/site',
    });
  });

  it('of another package stay as they are', () => {
    const other = inPackage({ 'site-addr': 'x' }, 'other');
    expect(rewritten(other)).toEqual(other);
  });
});

describe('the Leptos settings of a workspace', () => {
  it('are found by the name of the project, and its neighbours stay', () => {
    const metadata = {
      packages: [],
      metadata: { leptos: [{ name: 'other' }, { name: 'app', 'bin-package': 'server' }] },
    };
    expect(rewritten(metadata)).toEqual({
      packages: [],
      metadata: {
        leptos: [
          { name: 'other' },
          {
            name: 'app',
            'bin-package': 'server',
            'lib-profile-dev': 'dev-fast',
            'bin-profile-dev': 'dev-fast',
            'watch-additional-files': OURS,
          },
        ],
      },
    });
  });
});

describe('every side', () => {
  it.each([
    ['front', 'lib-source'],
    ['server', 'bin-source'],
    ['style', 'style'],
    ['assets', 'asset'],
  ] as const)("%s is cargo-leptos's change type %s", (side, type) => {
    const result = rewritten(inPackage({}), { triggers: new Map([[side, ['x']]]) });
    expect(JSON.stringify(result)).toContain(`{"paths":["x"],"change-types":["${type}"]}`);
  });
});

describe('what is not the expected JSON', () => {
  it.each(['', 'error: no such file', '[]', 'null', '7', '{"packages":7}', '{"packages":[null,{"name":"app"}]}'])(
    '%j stays as it is',
    (text) => {
      expect(rewriteMetadata(text, { project: 'app', triggers: TRIGGERS, changeTypes: true })).toBe(text);
    },
  );
});

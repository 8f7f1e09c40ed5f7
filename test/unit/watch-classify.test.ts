import { describe, expect, it } from 'vitest';
import { Classifier, changesConfiguration } from '../../src/watch/classify.js';
import { model, packageIn, singleCrate } from '../support/leptos-model.js';

const classifier = ({ workspace, project }: ReturnType<typeof model>) => new Classifier(workspace, project);
const sides = (subject: Classifier, path: string) => subject.classify(path)?.sides ?? null;

describe('a single crate', () => {
  const subject = classifier(
    singleCrate('/p', {
      assetsDir: '/p/public',
      styleFile: '/p/style/main.scss',
      jsDir: '/p/js',
      additionalFiles: ['/p/locales', '/p/README.md'],
      envFile: '/p/.env',
    }),
  );

  it.each([
    ['src/app.rs', ['front', 'server']],
    ['style/main.scss', ['style']],
    ['style/parts/_button.sass', ['style']],
    ['style/other.css', ['style']],
    ['public/logo.svg', ['assets']],
    ['js/editor.js', ['front']],
    ['locales/de/main.ftl', ['front', 'server']],
    ['README.md', ['front', 'server']],
  ])('%s belongs to %j', (path, expected) => {
    expect(sides(subject, `/p/${path}`)).toEqual(expected);
  });

  it.each([
    'tests/api.rs',
    'benches/render.rs',
    'examples/small.rs',
    'src/notes.md',
    'src/x.js',
    'style/a.txt',
    'public2/x.svg',
  ])('%s belongs to no side', (path) => {
    expect(subject.classify(`/p/${path}`)).toBeNull();
  });

  it('a module folder called tests inside src is built', () => {
    expect(sides(subject, '/p/src/tests/mod.rs')).toEqual(['front', 'server']);
  });

  it.each(['Cargo.toml', 'Cargo.lock', '.env', 'build.rs', 'rust-toolchain.toml', '.cargo/config.toml'])(
    '%s is configuration of both sides',
    (path) => {
      expect(subject.classify(`/p/${path}`)).toMatchObject({ sides: ['front', 'server'], configuration: true });
    },
  );

  it('a source is no configuration', () => {
    expect(subject.classify('/p/src/app.rs')?.configuration).toBe(false);
  });

  it('is watched as a whole', () => {
    expect(subject.roots).toEqual(['/p']);
  });
});

describe('a stylesheet among the assets', () => {
  it('is both', () => {
    const subject = classifier(singleCrate('/p', { assetsDir: '/p/public', styleFile: '/p/public/main.css' }));
    expect(sides(subject, '/p/public/main.css')).toEqual(['assets', 'style']);
  });
});

describe('tailwind', () => {
  const subject = classifier(
    singleCrate('/p', { tailwindInputFile: '/p/input.css', tailwindConfigFile: '/p/tailwind.config.js' }),
  );

  it('its input and its configuration are style', () => {
    expect(sides(subject, '/p/input.css')).toEqual(['style']);
    expect(sides(subject, '/p/tailwind.config.js')).toEqual(['style']);
  });

  it('another stylesheet beside it is not, where no style file is set', () => {
    expect(subject.classify('/p/other.css')).toBeNull();
  });
});

describe('a workspace', () => {
  const shared = packageIn('/w/shared', 'shared');
  const front = packageIn('/w/front', 'front');
  const server = packageIn('/w/server', 'server');
  const nested = packageIn('/w/server/migrations', 'migrations');
  const outside = packageIn('/elsewhere/ui', 'ui', { isMember: false });
  const subject = classifier(
    model({
      root: '/w',
      front: [front, shared, outside],
      server: [server, shared],
      others: [nested, packageIn('/w/cli', 'cli')],
    }),
  );

  it.each([
    ['/w/front/src/lib.rs', ['front']],
    ['/w/server/src/main.rs', ['server']],
    ['/w/shared/src/lib.rs', ['front', 'server']],
    ['/elsewhere/ui/src/lib.rs', ['front']],
  ])('%s belongs to %j', (path, expected) => {
    expect(sides(subject, path)).toEqual(expected);
  });

  it('a member that no side depends on belongs to none', () => {
    expect(subject.classify('/w/cli/src/main.rs')).toBeNull();
  });

  it('a member inside the folder of another is not taken for it', () => {
    expect(subject.classify('/w/server/migrations/src/lib.rs')).toBeNull();
  });

  it('a source beside all members belongs to none', () => {
    expect(subject.classify('/w/scripts/x.rs')).toBeNull();
  });

  it('a folder whose name begins like that of a member is not taken for it', () => {
    expect(subject.classify('/w/front-old/src/lib.rs')).toBeNull();
  });

  it("a member's manifest is configuration", () => {
    expect(subject.classify('/w/shared/Cargo.toml')?.configuration).toBe(true);
  });

  it('is watched together with the path dependency outside', () => {
    expect(subject.roots).toContain('/w');
    expect(subject.roots).toContain('/elsewhere/ui');
    expect(subject.roots).not.toContain('/w/front');
  });
});

describe('reading the workspace anew', () => {
  it.each(['Cargo.toml', '.env', 'rust-toolchain.toml'])('follows a change of %s', (name) => {
    expect(changesConfiguration(`/p/${name}`)).toBe(true);
  });

  it.each(['build.rs', 'Cargo.lock'])('does not follow one of %s', (name) => {
    expect(changesConfiguration(`/p/${name}`)).toBe(false);
  });
});

import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isInside } from '../../src/core/paths.js';
import { IgnoreRules, isEditorTempFile } from '../../src/watch/ignore.js';
import { tempDir, writeFiles } from '../support/temp-dir.js';

async function rules(
  gitignores: Readonly<Record<string, string>>,
  options: { excluded?: readonly string[]; forced?: readonly string[] } = {},
): Promise<{
  file: (path: string) => boolean;
  folder: (path: string) => boolean;
  forget: (path: string) => void;
  dir: string;
}> {
  const dir = await tempDir();
  await writeFiles(dir, gitignores);
  const inside = (paths: readonly string[] = []) => paths.map((path) => join(dir, path));
  const subject = new IgnoreRules({ root: dir, excluded: inside(options.excluded), forced: inside(options.forced) });
  return {
    dir,
    file: (path) => subject.ignores(join(dir, path), false),
    folder: (path) => subject.ignores(join(dir, path), true),
    forget: (path) => subject.forget(join(dir, path)),
  };
}

describe('gitignore', () => {
  it('leaves out what it names', async () => {
    const { file, folder } = await rules({ '.gitignore': '/dist\n*.log\n' });
    expect(folder('dist')).toBe(true);
    expect(file('src/a.log')).toBe(true);
    expect(file('src/a.rs')).toBe(false);
  });

  it('with a slash at the end names folders only', async () => {
    const { file, folder } = await rules({ '.gitignore': 'out/\n' });
    expect(folder('src/out')).toBe(true);
    expect(file('src/out')).toBe(false);
  });

  it('of a folder below counts there', async () => {
    const { file } = await rules({ 'gen/.gitignore': '*.rs\n' });
    expect(file('gen/a.rs')).toBe(true);
    expect(file('src/a.rs')).toBe(false);
  });

  it('of a folder below may take back what one above names', async () => {
    const { file } = await rules({ '.gitignore': '*.rs\n', 'keep/.gitignore': '!*.rs\n' });
    expect(file('src/a.rs')).toBe(true);
    expect(file('keep/a.rs')).toBe(false);
  });

  it('takes back in its own lines', async () => {
    const { file } = await rules({ '.gitignore': '*.gen.rs\n!main.gen.rs\n' });
    expect(file('src/a.gen.rs')).toBe(true);
    expect(file('src/main.gen.rs')).toBe(false);
  });

  it('that changed counts anew once it is forgotten', async () => {
    const { file, forget, dir } = await rules({ '.gitignore': '*.a\n' });
    expect(file('x.b')).toBe(false);
    await writeFiles(dir, { '.gitignore': '*.b\n' });
    forget('.gitignore');
    expect(file('x.b')).toBe(true);
    expect(file('x.a')).toBe(false);
  });

  it('does not reach above the root', async () => {
    const { folder } = await rules({ '.gitignore': '*\n' });
    expect(folder('..')).toBe(false);
  });
});

describe('a path that the configuration names', () => {
  it('counts though a .gitignore names it, and so does all below it', async () => {
    const { file, folder } = await rules({ '.gitignore': '/generated\n.env\n' }, { forced: ['generated/css', '.env'] });
    expect(file('.env')).toBe(false);
    expect(folder('generated')).toBe(false);
    expect(file('generated/css/a.css')).toBe(false);
  });

  it('does not bring in what lies beside it', async () => {
    const { file } = await rules({ '.gitignore': '/generated/**\n' }, { forced: ['generated/css'] });
    expect(file('generated/other.rs')).toBe(true);
  });

  it('brings in no temporary file of an editor', async () => {
    const { file } = await rules({}, { forced: ['public'] });
    expect(file('public/.logo.svg.swp')).toBe(true);
  });

  it('is left out all the same where it is build output', async () => {
    const { file } = await rules({}, { forced: ['target/site/x.css'], excluded: ['target'] });
    expect(file('target/site/x.css')).toBe(true);
  });
});

describe('folders that never hold sources', () => {
  it.each(['.git', 'node_modules', 'web/node_modules', '.idea', '.jj'])('%s is left out', async (name) => {
    const { folder } = await rules({});
    expect(folder(name)).toBe(true);
  });

  it('a file of such a name counts', async () => {
    const { file } = await rules({});
    expect(file('node_modules')).toBe(false);
  });
});

describe('a temporary file of an editor', () => {
  it.each([
    '4913',
    'app.rs~',
    '.app.rs.swp',
    '.app.rs.swx',
    '.#app.rs',
    '#app.rs#',
    'app.rs___jb_tmp___',
    'app.rs___jb_old___',
    '.goutputstream-AB12C3',
    '.DS_Store',
    'app.rs.tmp',
  ])('%s is one', (name) => {
    expect(isEditorTempFile(`/p/src/${name}`)).toBe(true);
  });

  it.each(['app.rs', '49130.rs', 'swap.rs', 'tmp.rs', 'a#b.rs', 'swp.css'])('%s is none', (name) => {
    expect(isEditorTempFile(`/p/src/${name}`)).toBe(false);
  });
});

describe('inside', () => {
  it.each([
    ['/a/b', '/a', true],
    ['/a', '/a', true],
    ['/ab', '/a', false],
    ['/a', '/a/b', false],
    ['/a', '/', true],
  ])('%s in %s: %s', (path, folder, expected) => {
    expect(isInside(path, folder)).toBe(expected);
  });
});

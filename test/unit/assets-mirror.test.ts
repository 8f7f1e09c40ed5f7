import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { AssetMirror, type PlaceMethod, reservedNames } from '../../src/assets/asset-mirror.js';
import { SitePlace } from '../../src/assets/site-place.js';
import { fingerprint } from '../../src/watch/content-hash.js';
import { ManualClock } from '../support/manual-clock.js';
import { tempDir } from '../support/temp-dir.js';

/** More than the gathering takes. */
const GATHERED_MS = 20;

let root: string;
let clock: ManualClock;
let method: PlaceMethod;
let placed: string[][];
let leftOut: string[];
let rounds: number;
let known: Map<string, string>;
let mirror: AssetMirror;

const asset = (name: string): string => join(root, 'public', name);
const site = (name = ''): string => join(root, 'target/site', name);

beforeEach(async () => {
  root = await tempDir();
  clock = new ManualClock();
  method = 'copy';
  placed = [];
  leftOut = [];
  rounds = 0;
  known = new Map();
  write('logo.svg', '<svg/>');
  write('img/photo.jpg', 'photo');
  mirror = new AssetMirror({
    clock,
    assetsDir: join(root, 'public'),
    place: new SitePlace(site(), root),
    method: () => method,
    excluded: [join(root, 'target')],
    reserved: reservedNames('pkg', 'linux'),
    knownContent: (path) => known.get(path),
    onPlacing: () => {
      rounds += 1;
    },
    onPlaced: (paths) => placed.push([...paths]),
    onLeftOut: (name) => leftOut.push(name),
  });
});

function write(name: string, text: string): void {
  mkdirSync(dirname(asset(name)), { recursive: true });
  writeFileSync(asset(name), text);
}

/** The files of the site and what is in them. */
function contents(): Record<string, string> {
  const entries = readdirSync(site(), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => !entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(files.sort().map((file) => [file.slice(site().length), readFileSync(file, 'utf8')]));
}

/** Files (by name) were saved, and the mirror has done what it does then. */
async function saved(...names: readonly string[]): Promise<void> {
  for (const name of names) mirror.onFileEvent(asset(name));
  await clock.advance(GATHERED_MS);
  await mirror.settled();
}

const BOTH = { '/img/photo.jpg': 'photo', '/logo.svg': '<svg/>' };

describe.each(['copy', 'link'] as const)('assets in the site by %s', (how) => {
  beforeEach(async () => {
    method = how;
    await mirror.sync();
  });

  it('are all there, and nothing else', () => {
    expect(contents()).toEqual(BOTH);
    expect(mirror.count).toBe(2);
    expect(lstatSync(site('logo.svg')).isSymbolicLink()).toBe(how === 'link');
  });

  it('follow an edit, an addition and a deletion, each told once', async () => {
    write('logo.svg', '<svg>2</svg>');
    write('new/deep/a b#1.txt', 'new');
    rmSync(asset('img/photo.jpg'));
    await saved('logo.svg', 'new/deep/a b#1.txt', 'img/photo.jpg');
    expect(contents()).toEqual({ '/logo.svg': '<svg>2</svg>', '/new/deep/a b#1.txt': 'new' });
    expect(existsSync(site('img'))).toBe(false);
    // What the deleted one was nobody knew, and it had been in the site.
    expect(placed).toEqual([[asset('logo.svg'), asset('new/deep/a b#1.txt')]]);
    write('logo.svg', '<svg>3</svg>');
    rmSync(asset('new/deep/a b#1.txt'));
    await saved('logo.svg', 'new/deep/a b#1.txt');
    expect(placed[1]).toEqual([asset('logo.svg'), asset('new/deep/a b#1.txt')]);
  });

  it('follow an editor that saves by renaming', async () => {
    for (const text of ['<svg>2</svg>', '<svg>3</svg>']) {
      write('.logo.svg.new', text);
      renameSync(asset('.logo.svg.new'), asset('logo.svg'));
      await saved('logo.svg');
      expect(readFileSync(site('logo.svg'), 'utf8')).toBe(text);
    }
  });

  it('say nothing of a save of the same bytes', async () => {
    await saved('logo.svg');
    placed.length = 0;
    write('logo.svg', '<svg/>');
    await saved('logo.svg');
    expect(placed).toEqual([[]]);
    expect(contents()).toEqual(BOTH);
  });

  it('come back when they are taken out of the site, and at no other time is anything done', async () => {
    await mirror.mend();
    const times = () => [site(), site('img')].map((folder) => statSync(folder).mtimeMs);
    const before = times();
    await mirror.mend();
    expect(times()).toEqual(before);
    rmSync(site('img'), { recursive: true });
    await mirror.mend();
    expect(existsSync(site('img'))).toBe(false);
    await mirror.mend();
    expect(contents()).toEqual(BOTH);
  });

  it('leave alone what else is in the site', async () => {
    mkdirSync(site('pkg'));
    writeFileSync(site('pkg/app.css'), 'body {}');
    writeFileSync(site('sitemap.xml'), 'made by the app');
    await mirror.sync();
    rmSync(asset('logo.svg'));
    await saved('logo.svg', 'sitemap.xml');
    expect(contents()).toEqual({
      '/img/photo.jpg': 'photo',
      '/pkg/app.css': 'body {}',
      '/sitemap.xml': 'made by the app',
    });
  });

  it('never come into the names that cargo-leptos keeps for itself', async () => {
    mkdirSync(site('pkg'));
    writeFileSync(site('pkg/app.css'), 'body {}');
    write('pkg/app.css', 'mine');
    write('index.html', 'mine');
    await mirror.sync();
    await saved('pkg/app.css');
    rmSync(asset('pkg/app.css'));
    await saved('pkg/app.css');
    expect(contents()).toEqual({ ...BOTH, '/pkg/app.css': 'body {}' });
    expect(leftOut.sort()).toEqual(['index.html', 'pkg/app.css']);
  });

  it('are what linked folders hold, without dangling links and those that would never end', async () => {
    mkdirSync(join(root, 'elsewhere'));
    writeFileSync(join(root, 'elsewhere/font.woff2'), 'font');
    symlinkSync(join(root, 'elsewhere'), asset('fonts'));
    symlinkSync('../elsewhere/font.woff2', asset('one.woff2'));
    symlinkSync('nothing', asset('gone.png'));
    symlinkSync('.', asset('again'));
    symlinkSync(root, asset('up'));
    await mirror.sync();
    const all = contents();
    expect(all).toMatchObject({ ...BOTH, '/fonts/font.woff2': 'font', '/one.woff2': 'font' });
    expect(Object.keys(all).filter((name) => /gone|again|target/.test(name))).toEqual([]);
    expect(lstatSync(site('fonts')).isDirectory() && !lstatSync(site('fonts')).isSymbolicLink()).toBe(true);
  });

  it('replace a link that somebody has put into the site, and leave alone what it leads to', async () => {
    const outside = join(root, 'outside');
    mkdirSync(outside);
    writeFileSync(join(outside, 'photo.jpg'), 'precious');
    writeFileSync(join(outside, 'logo.svg'), 'precious');
    rmSync(site('img'), { recursive: true });
    rmSync(site('logo.svg'));
    symlinkSync(outside, site('img'));
    symlinkSync(join(outside, 'logo.svg'), site('logo.svg'));
    write('logo.svg', '<svg>2</svg>');
    write('img/photo.jpg', 'photo 2');
    await saved('logo.svg', 'img/photo.jpg');
    expect(contents()).toEqual({ '/img/photo.jpg': 'photo 2', '/logo.svg': '<svg>2</svg>' });
    expect(readFileSync(join(outside, 'photo.jpg'), 'utf8')).toBe('precious');
    expect(readFileSync(join(outside, 'logo.svg'), 'utf8')).toBe('precious');
  });

  it('are not deleted through a link that somebody has put into the site', async () => {
    rmSync(site('img'), { recursive: true });
    mkdirSync(join(root, 'outside'));
    writeFileSync(join(root, 'outside/photo.jpg'), 'precious');
    symlinkSync(join(root, 'outside'), site('img'));
    rmSync(asset('img/photo.jpg'));
    await saved('img/photo.jpg');
    expect(readFileSync(join(root, 'outside/photo.jpg'), 'utf8')).toBe('precious');
  });

  it('become a folder where a file was, and a file where a folder was', async () => {
    rmSync(asset('logo.svg'));
    rmSync(asset('img'), { recursive: true });
    write('logo.svg/1.svg', 'one');
    write('img', 'a file');
    await saved('logo.svg', 'img/photo.jpg', 'img', 'logo.svg/1.svg');
    await mirror.sync();
    expect(contents()).toEqual({ '/img': 'a file', '/logo.svg/1.svg': 'one' });
  });

  it('may have their folder missing at first, and lose it', async () => {
    rmSync(asset(''), { recursive: true });
    await mirror.sync();
    expect(contents()).toEqual({});
    write('late.txt', 'late');
    await saved('late.txt');
    expect(contents()).toEqual({ '/late.txt': 'late' });
  });

  it('may lie in a folder that is itself a link', async () => {
    renameSync(asset(''), join(root, 'real'));
    symlinkSync('real', join(root, 'public'));
    await mirror.sync();
    expect(contents()).toEqual(BOTH);
    write('logo.svg', '<svg>2</svg>');
    await saved('logo.svg');
    expect(readFileSync(site('logo.svg'), 'utf8')).toBe('<svg>2</svg>');
  });
});

describe('a change', () => {
  it('that the watcher knew before is brought, but not told: it is told with its batch', async () => {
    await mirror.sync();
    write('logo.svg', '<svg>2</svg>');
    known.set(asset('logo.svg'), (await fingerprint(asset('logo.svg')))?.content ?? '');
    await mirror.place([asset('logo.svg')], clock.now());
    expect(readFileSync(site('logo.svg'), 'utf8')).toBe('<svg>2</svg>');
    expect(placed).toEqual([[]]);
  });

  it('behind a link is found without an event, once', async () => {
    mkdirSync(join(root, 'shared'));
    writeFileSync(join(root, 'shared/font.woff2'), 'font');
    symlinkSync('../shared', asset('fonts'));
    await mirror.sync();
    await mirror.mend();
    writeFileSync(join(root, 'shared/font.woff2'), 'font 2');
    for (let times = 0; times < 2; times += 1) {
      await mirror.mend();
      await clock.advance(GATHERED_MS);
      await mirror.settled();
    }
    expect(readFileSync(site('fonts/font.woff2'), 'utf8')).toBe('font 2');
    expect(rounds).toBe(1);
  });
});

describe('a burst of saves', () => {
  it('is brought in one round, and told once', async () => {
    await mirror.sync();
    const names = Array.from({ length: 300 }, (_, index) => `many/${index}.txt`);
    for (const name of names) write(name, name);
    await saved(...names);
    expect(rounds).toBe(1);
    expect(placed).toEqual([names.map(asset).sort()]);
    expect(Object.keys(contents())).toHaveLength(302);
  });

  it('that a set of changes has settled is not brought again, unless it is news', async () => {
    await mirror.sync();
    write('logo.svg', '<svg>2</svg>');
    const since = clock.now();
    await saved('logo.svg');
    await clock.advance(300);
    const brought = await mirror.place([asset('logo.svg')], since);
    expect(brought.savedAt).toBe(since);
    expect(brought.at).toBeLessThanOrEqual(since + GATHERED_MS);
    expect(rounds).toBe(1);
    // A sweep found it: no event has told.
    write('logo.svg', '<svg>3</svg>');
    const now = clock.now();
    await expect(mirror.place([asset('logo.svg')], now)).resolves.toEqual({ at: now, savedAt: now });
    expect(readFileSync(site('logo.svg'), 'utf8')).toBe('<svg>3</svg>');
  });
});

describe('a copy', () => {
  beforeEach(() => mirror.sync());

  it('is newer than one that it replaces, also of an older file', async () => {
    const before = statSync(site('logo.svg')).mtimeMs;
    write('.older', 'older');
    utimesSync(asset('.older'), 1_000_000_000, 1_000_000_000);
    renameSync(asset('.older'), asset('logo.svg'));
    await saved('logo.svg');
    expect(readFileSync(site('logo.svg'), 'utf8')).toBe('older');
    expect(statSync(site('logo.svg')).mtimeMs).toBeGreaterThanOrEqual(before);
  });

  it('is a file of its own: who writes into it does not write the asset', () => {
    writeFileSync(site('logo.svg'), 'written by the app');
    expect(readFileSync(asset('logo.svg'), 'utf8')).toBe('<svg/>');
  });

  it('takes the place of a hard link, and leaves the asset as it is', async () => {
    rmSync(site('logo.svg'));
    linkSync(asset('logo.svg'), site('logo.svg'));
    write('.new', '<svg>2</svg>');
    linkSync(asset('logo.svg'), asset('other.svg'));
    renameSync(asset('.new'), asset('logo.svg'));
    await saved('logo.svg');
    expect(readFileSync(asset('other.svg'), 'utf8')).toBe('<svg/>');
    expect(statSync(site('logo.svg')).nlink).toBe(1);
  });

  it('of a file that may not be written can be replaced', async () => {
    chmodSync(asset('logo.svg'), 0o444);
    await mirror.sync();
    rmSync(asset('logo.svg'));
    write('logo.svg', 'two');
    await saved('logo.svg');
    expect(readFileSync(site('logo.svg'), 'utf8')).toBe('two');
  });

  it('that is up to date is not made again', async () => {
    // Its asset must be older than the tick of the clock in which it was made.
    await clock.advance(0);
    const first = statSync(site('logo.svg')).ino;
    utimesSync(site('logo.svg'), new Date(), new Date(Date.now() + 1_000));
    await mirror.sync();
    expect(statSync(site('logo.svg')).ino).toBe(first);
  });

  it('leaves no temporary file behind', async () => {
    write('logo.svg', 'two');
    await saved('logo.svg');
    expect(Object.keys(contents())).toEqual(['/img/photo.jpg', '/logo.svg']);
  });
});

describe('a link', () => {
  beforeEach(async () => {
    method = 'link';
    await mirror.sync();
  });

  it('is relative within the project, which may be mounted elsewhere', () => {
    expect(readlinkSync(site('img/photo.jpg'))).toBe('../../../public/img/photo.jpg');
  });

  it('holds where the target directory is itself a link to a deeper place', async () => {
    rmSync(join(root, 'target'), { recursive: true });
    mkdirSync(join(root, 'a/deep/place'), { recursive: true });
    symlinkSync('a/deep/place', join(root, 'target'));
    await mirror.sync();
    expect(contents()).toEqual(BOTH);
    expect(realpathSync(site('logo.svg'))).toBe(realpathSync(asset('logo.svg')));
  });

  it('that leads elsewhere is mended', async () => {
    rmSync(site('logo.svg'));
    symlinkSync('img/photo.jpg', site('logo.svg'));
    await mirror.sync();
    expect(contents()).toEqual(BOTH);
  });

  it('is not made to a page: one may be generated under its name', async () => {
    write('about.html', 'asset');
    await saved('about.html');
    writeFileSync(site('about.html'), 'generated');
    expect(readFileSync(asset('about.html'), 'utf8')).toBe('asset');
  });
});

it('does nothing before cargo-leptos has emptied the site, nor after the end', async () => {
  await saved('logo.svg');
  expect(existsSync(site())).toBe(false);
  await mirror.sync();
  await mirror.close();
  write('logo.svg', 'two');
  await saved('logo.svg');
  await mirror.sync();
  expect(contents()).toEqual(BOTH);
});

it.each([
  ['pkg', 'linux', ['pkg', 'pkg/a.css', 'index.html'], ['pkg2', 'a/pkg', 'PKG', 'img/index.html']],
  ['static/pkg', 'linux', ['static', 'static/pkg', 'static/pkg/x'], ['static/a.css', 'pkg']],
  ['pkg', 'darwin', ['PKG/a.css', 'Index.html'], ['pkgs']],
] as const)('names are reserved beside %s on %s', (pkg, platform, yes, no) => {
  const reserved = reservedNames(pkg, platform);
  expect(yes.map((name) => [name, reserved(name)])).toEqual(yes.map((name) => [name, true]));
  expect(no.map((name) => [name, reserved(name)])).toEqual(no.map((name) => [name, false]));
});

import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { EventBus } from '../../src/core/events.js';
import { PatchFeed } from '../../src/patch/patch-feed.js';
import type { ViewPatch } from '../../src/serve/page-protocol.js';
import { ManualClock } from '../support/manual-clock.js';
import { tempDir, writeFiles } from '../support/temp-dir.js';
import { waitUntil } from '../support/wait-until.js';

/** See WRITTEN_AFTER_MS. */
const WRITTEN_MS = 30;

let dir: string;
let clock: ManualClock;
let bus: EventBus;
let patches: { readonly patch: ViewPatch; readonly file: string }[];
let feed: PatchFeed;
let app: string;

const view = (text: string) => `#[component]\npub fn App() -> impl IntoView {\n    view! { <h1>"${text}"</h1> }\n}\n`;

beforeEach(async () => {
  dir = await tempDir();
  app = join(dir, 'src/app.rs');
  await writeFiles(dir, { 'src/app.rs': view('one') });
  clock = new ManualClock();
  bus = new EventBus(clock);
  patches = [];
  feed = new PatchFeed({ bus, clock, root: dir, onPatch: (patch, file) => patches.push({ patch, file }) });
  onTestFinished(() => feed.stop());
  await feed.start([app]);
});

/** Saves the file; by then it counts as written, and is being read. */
async function save(text: string): Promise<void> {
  await writeFile(app, text);
  feed.onFileEvent(app);
  await clock.advance(WRITTEN_MS);
}

const patched = (count: number) => waitUntil(`${count} patches`, () => patches.length === count);

describe('a save that changes a text of a view', () => {
  it('makes a patch as soon as the file is written', async () => {
    const savedAt = clock.now();
    await save(view('two'));
    await patched(1);
    expect(patches[0]).toMatchObject({ file: app, patch: { savedAt } });
  });

  it('is read once, when nothing more comes, and counts from its first event', async () => {
    const savedAt = clock.now();
    await writeFile(app, '');
    feed.onFileEvent(app);
    await clock.advance(WRITTEN_MS - 10);
    await save(view('two'));
    await patched(1);
    expect(patches[0]?.patch.savedAt).toBe(savedAt);
  });

  it('makes none where a file is emptied first, and one when it is whole', async () => {
    await save('');
    await save(view('two'));
    await patched(1);
  });

  it('covers the batch that was built from it, and no other', async () => {
    await save(view('two'));
    await patched(1);
    bus.emit({ event: 'build-started', batch: 1, side: 'server' });
    await save(view('three'));
    await patched(2);
    expect(feed.patchesFor(1, [app])).toEqual([patches[0]?.patch.id]);
    bus.emit({ event: 'build-started', batch: 2, side: 'server' });
    expect(feed.patchesFor(2, [app, join(dir, 'src/other.rs')])).toBeNull();
  });
});

it('many files at once make no patch', async () => {
  const others = Array.from({ length: 25 }, (_, n) => join(dir, `src/other${n}.rs`));
  for (const [n, other] of others.entries()) await writeFile(other, view(`other ${n}`));
  await feed.start([app, ...others]);
  for (const [n, other] of others.entries()) await writeFile(other, view(`another ${n}`));
  await writeFile(app, view('two'));
  for (const path of [app, ...others]) feed.onFileEvent(path);
  await clock.advance(WRITTEN_MS);
  // The next save alone is a patch again, once a build has brought the page to where the files are.
  const single = async (text: string, batch: number) => {
    await save(view(text));
    bus.emit({ event: 'build-started', batch, side: 'server' });
    feed.patchesFor(batch, [app]);
    return patches.length > 0;
  };
  let batch = 0;
  await waitUntil('a patch', () => single(`text ${++batch}`, batch));
  expect(patches.every(({ file }) => file === app)).toBe(true);
});

it('a file that is gone, another kind of file and a save after the end are let be', async () => {
  await rm(app);
  feed.onFileEvent(app);
  feed.onFileEvent(join(dir, 'style/main.css'));
  await clock.advance(WRITTEN_MS);
  feed.onFileEvent(app);
  feed.stop();
  await clock.advance(WRITTEN_MS);
  expect(patches).toEqual([]);
});

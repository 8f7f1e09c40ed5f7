import { mkdir, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Clock, systemClock } from '../../src/core/clock.js';
import { IgnoreRules } from '../../src/watch/ignore.js';
import { type ChangeSet, SourceWatcher } from '../../src/watch/source-watcher.js';
import { tempDir, writeFiles } from '../support/temp-dir.js';
import { waitUntil } from '../support/wait-until.js';

const DEBOUNCE_MS = 60;

interface Watched {
  readonly dir: string;
  readonly watcher: SourceWatcher;
  readonly known: number;
  readonly sets: ChangeSet[];
  /** Saves files below the folder. */
  save(files: Readonly<Record<string, string>>): Promise<void>;
  path(name: string): string;
  /** All changes so far as `kind path`. */
  changes(): readonly string[];
  /** Resolves when that change has been reported. */
  reported(change: string): Promise<void>;
  /** Saves a file of its own and waits for it: whatever was saved before has been seen by then. */
  caughtUp(): Promise<void>;
}

interface WatchedOptions {
  readonly pollMs?: number;
  readonly clock?: Clock;
  readonly debounceMs?: number;
  readonly onChange?: (set: ChangeSet) => void;
}

/** A watched folder with these files; only .rs files matter. */
async function watched(files: Readonly<Record<string, string>>, options: WatchedOptions = {}): Promise<Watched> {
  const dir = await tempDir('project');
  await writeFiles(dir, files);
  const sets: ChangeSet[] = [];
  const watcher = new SourceWatcher({
    roots: [dir],
    ignore: new IgnoreRules({ root: dir, excluded: [join(dir, 'target')], forced: [] }),
    isRelevant: (path) => path.endsWith('.rs'),
    debounceMs: options.debounceMs ?? DEBOUNCE_MS,
    ...(options.pollMs !== undefined && { pollMs: options.pollMs }),
    clock: options.clock ?? systemClock,
    onChange: (set) => {
      sets.push(set);
      options.onChange?.(set);
    },
    onError: (error) => {
      throw error;
    },
  });
  onTestFinished(() => watcher.close());
  const known = await watcher.start();
  const changes = () =>
    sets.flatMap((set) => set.changes.map((change) => `${change.kind} ${relative(dir, change.path)}`));
  const reported = async (change: string) => {
    await waitUntil(
      change,
      () => changes().includes(change),
      () => changes().join('\n'),
    );
  };
  let marks = 0;
  return {
    dir,
    watcher,
    known,
    sets,
    path: (name) => join(dir, name),
    save: (more) => writeFiles(dir, more),
    changes: () => changes().filter((change) => !change.includes('caught-up')),
    reported,
    caughtUp: async () => {
      marks += 1;
      await writeFile(join(dir, `caught-up-${marks}.rs`), '');
      await reported(`added caught-up-${marks}.rs`);
    },
  };
}

describe.each([
  ['with file events', {}],
  ['with polling', { pollMs: 30 }],
])('%s', (_name, options) => {
  it('an edit is a change', async () => {
    const { save, reported, changes } = await watched({ 'src/a.rs': '1' }, options);
    await save({ 'src/a.rs': '2' });
    await reported('changed src/a.rs');
    expect(changes()).toEqual(['changed src/a.rs']);
  });

  it('a new file is added', async () => {
    const { save, reported } = await watched({ 'src/a.rs': '1' }, options);
    await save({ 'src/b.rs': '1' });
    await reported('added src/b.rs');
  });

  it('a deleted file is removed', async () => {
    const { path, reported, changes } = await watched({ 'src/a.rs': '1', 'src/b.rs': '1' }, options);
    await rm(path('src/b.rs'));
    await reported('removed src/b.rs');
    expect(changes()).toEqual(['removed src/b.rs']);
  });

  it('a temporary file renamed over the source is a change of it and of nothing else', async () => {
    const { save, path, caughtUp, changes } = await watched({ 'src/a.rs': '1' }, options);
    await save({ 'src/a.rs.tmp': '2' });
    await rename(path('src/a.rs.tmp'), path('src/a.rs'));
    await caughtUp();
    expect(changes()).toEqual(['changed src/a.rs']);
  });

  it('a touched file is no change', async () => {
    const { path, caughtUp, changes } = await watched({ 'src/a.rs': '1' }, options);
    await utimes(path('src/a.rs'), new Date(), new Date());
    await caughtUp();
    expect(changes()).toEqual([]);
  });

  it('the same bytes are no change', async () => {
    const { save, caughtUp, changes } = await watched({ 'src/a.rs': '1' }, options);
    await save({ 'src/a.rs': '1' });
    await caughtUp();
    expect(changes()).toEqual([]);
  });

  it('a folder tree made with its files at once is seen to the last file', async () => {
    const { save, reported, changes } = await watched({ 'src/a.rs': '1' }, options);
    await save({ 'src/x/mod.rs': '1', 'src/x/y/mod.rs': '1', 'src/x/y/z/deep.rs': '1' });
    await reported('added src/x/y/z/deep.rs');
    await reported('added src/x/mod.rs');
    await save({ 'src/x/y/z/deep.rs': '2' });
    await reported('changed src/x/y/z/deep.rs');
    expect(new Set(changes())).toContain('added src/x/y/mod.rs');
  });

  it('a folder that is renamed is removed here and added there', async () => {
    const { path, reported } = await watched({ 'src/old/a.rs': '1', 'src/old/sub/b.rs': '1' }, options);
    await rename(path('src/old'), path('src/new'));
    await reported('removed src/old/a.rs');
    await reported('removed src/old/sub/b.rs');
    await reported('added src/new/sub/b.rs');
  });

  it('a folder that is moved away is removed with all its files', async () => {
    const { path, dir, reported } = await watched({ 'src/old/a.rs': '1', 'src/old/sub/b.rs': '1' }, options);
    await mkdir(join(dir, '..', 'elsewhere'));
    await rename(path('src/old'), join(dir, '..', 'elsewhere', 'old'));
    await reported('removed src/old/a.rs');
    await reported('removed src/old/sub/b.rs');
  });

  it('what a .gitignore names, and build output, is not reported', async () => {
    const { save, caughtUp, changes, known } = await watched(
      { '.gitignore': 'generated/\n', 'generated/a.rs': '1', 'target/a.rs': '1', 'src/a.rs': '1' },
      options,
    );
    expect(known).toBe(1);
    await save({ 'generated/a.rs': '2', 'target/a.rs': '2', 'generated/new.rs': '1' });
    await caughtUp();
    expect(changes()).toEqual([]);
  });

  it('a file that does not matter is not reported', async () => {
    const { save, caughtUp, changes } = await watched({ 'src/a.rs': '1', 'notes.md': '1' }, options);
    await save({ 'notes.md': '2' });
    await caughtUp();
    expect(changes()).toEqual([]);
  });
});

describe('a burst of saves', () => {
  it('is one set, and so are many files', async () => {
    const { save, reported, sets } = await watched({ 'a.rs': '0' }, { debounceMs: 1_000 });
    for (let count = 1; count <= 10; count += 1) await save({ 'a.rs': `${count}` });
    await save(Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`many/${index}.rs`, 'x'])));
    await reported('added many/199.rs');
    expect(sets).toHaveLength(1);
    expect(sets[0]?.changes).toHaveLength(201);
  });

  it('reports the time of its first and its last event', async () => {
    const { save, reported, sets } = await watched({ 'a.rs': '0', 'b.rs': '0' });
    const before = Date.now();
    await save({ 'a.rs': '1' });
    await save({ 'b.rs': '1' });
    await reported('changed b.rs');
    const [set] = sets;
    expect(set?.firstEventAt).toBeGreaterThanOrEqual(before);
    expect(set?.lastEventAt).toBeGreaterThanOrEqual(set?.firstEventAt ?? 0);
    expect(set?.lastEventAt).toBeLessThanOrEqual(Date.now());
  });
});

describe('settled', () => {
  it('is at once when nothing was saved', async () => {
    const { watcher } = await watched({ 'a.rs': '0' });
    await watcher.settled();
  });

  it('is after the report of what was saved', async () => {
    const order: string[] = [];
    let seen: () => void = () => undefined;
    const activity = new Promise<void>((resolve) => {
      seen = resolve;
    });
    const clock: Clock = {
      now: () => systemClock.now(),
      after: (ms, run) => {
        // The timer of the debounce begins: an event has come in.
        if (ms === DEBOUNCE_MS) seen();
        return systemClock.after(ms, run);
      },
    };
    const { save, watcher } = await watched({ 'a.rs': '0' }, { clock, onChange: () => order.push('reported') });
    await save({ 'a.rs': '1' });
    await activity;
    await watcher.settled();
    order.push('settled');
    expect(order).toEqual(['reported', 'settled']);
  });

  it('is let go when the watcher is closed', async () => {
    const { watcher, save, sets } = await watched({ 'a.rs': '0' }, { debounceMs: 60_000 });
    await save({ 'a.rs': '1' });
    const settled = watcher.settled();
    await watcher.close();
    await settled;
    expect(sets).toEqual([]);
  });
});

describe('a file that is saved while it is being looked at', () => {
  it('is reported with its last content in the end', async () => {
    const subject: { current?: Watched } = {};
    const written = 30;
    let next = 2;
    // Each report sets off the next save, so that saves meet every phase of the watcher.
    subject.current = await watched(
      { 'a.rs': '0' },
      {
        debounceMs: 1,
        onChange: () => {
          if (next <= written) void subject.current?.save({ 'a.rs': `${next++}` });
        },
      },
    );
    await subject.current.save({ 'a.rs': '1' });
    await waitUntil('the last save', () => (next > written ? true : null));
    await subject.current.caughtUp();
    await subject.current.watcher.settled();
    const before = subject.current.sets.length;
    // Nothing is left to report: the last content is known.
    await subject.current.save({ 'a.rs': `${written}` });
    await subject.current.caughtUp();
    expect(
      subject.current.sets
        .slice(before)
        .flatMap((set) => set.changes)
        .map(({ path }) => path),
    ).toEqual([subject.current.path('caught-up-2.rs')]);
  });
});

import { describe, expect, it } from 'vitest';
import { type Preloadable, preload } from '../../src/build/preload.js';
import { ManualClock } from '../support/manual-clock.js';

class FakeRun implements Preloadable {
  readonly name: string;
  isWanted = false;
  isIdle = false;

  constructor(name: string) {
    this.name = name;
  }

  want(): void {
    this.isWanted = true;
  }
}

describe('projects that nobody has asked for yet', () => {
  const setUp = (core: readonly string[], load: () => number = () => 0) => {
    const clock = new ManualClock();
    const runs = ['admin', 'docs', 'shop'].map((name) => new FakeRun(name));
    const end = preload({ clock, runs, core, load });
    return { clock, runs, end, wanted: () => runs.filter((run) => run.isWanted).map(({ name }) => name) };
  };

  it('are built ahead one after the other, those that were worked on lately', async () => {
    const { clock, runs, wanted } = setUp(['shop', 'admin']);
    await clock.advance(9_000);
    expect(wanted()).toEqual([]);
    await clock.advance(3_000);
    expect(wanted()).toEqual(['shop']);
    // As long as it is being built, the next one waits.
    await clock.advance(60_000);
    expect(wanted()).toEqual(['shop']);
    for (const run of runs) run.isIdle = true;
    await clock.advance(13_000);
    expect(wanted()).toEqual(['admin', 'shop']);
    await clock.advance(60_000);
    expect(wanted()).toEqual(['admin', 'shop']);
  });

  it('wait while others keep the machine busy', async () => {
    let load = 1_000;
    const { clock, wanted } = setUp(['docs'], () => load);
    await clock.advance(60_000);
    expect(wanted()).toEqual([]);
    load = 0;
    await clock.advance(8_000);
    expect(wanted()).toEqual([]);
    await clock.advance(4_000);
    expect(wanted()).toEqual(['docs']);
  });

  it('that were never built are left alone, and so are all of them after the end', async () => {
    const { clock, wanted } = setUp(['gone', 'elsewhere']);
    await clock.advance(60_000);
    expect(wanted()).toEqual([]);
    const other = setUp(['shop']);
    other.end();
    await other.clock.advance(60_000);
    expect(other.wanted()).toEqual([]);
  });
});

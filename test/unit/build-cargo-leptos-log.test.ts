import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type LogFact, parseLogLine } from '../../src/build/cargo-leptos-log.js';

/** stderr of a real `cargo-leptos leptos watch -vv`, 0.3.11; only the compiler and the app were fakes. */
const recorded = readFileSync(new URL('../../fixtures/cargo-leptos/watch-vv-0.3.11.log', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line !== '');
const facts = recorded.map(parseLogLine);

function kinds(from: number, to?: number): readonly string[] {
  const dull = new Set(['message', 'watching', 'app']);
  return facts
    .slice(from, to)
    .map((fact) => ('side' in fact ? `${fact.kind} ${fact.side}` : fact.kind))
    .filter((kind) => !dull.has(kind));
}

/** The facts from the so-and-so-manieth wait for changes to the next one. */
function run(number: number): readonly string[] {
  const waits = facts.flatMap((fact, index) => (fact.kind === 'idle' ? [index] : []));
  return kinds((waits[number] ?? 0) + 1, waits[number + 1]);
}

describe('a recorded session', () => {
  it('has no line that is taken for output of the app', () => {
    expect(facts.filter(({ kind }) => kind === 'app')).toEqual([]);
  });

  it('begins with the first build', () => {
    const firstWait = facts.findIndex(({ kind }) => kind === 'idle');
    const sides = ['begun assets', 'written assets', 'begun style', 'written style'];
    expect(kinds(0, firstWait).toSorted()).toEqual([...sides, 'bindgen-started', 'bindgen-finished'].toSorted());
  });

  it('tells each folder that is watched, our triggers too', () => {
    const paths = facts.flatMap((fact) => (fact.kind === 'watching' ? [fact.path] : []));
    expect(paths).toContain('/project/app/src');
    expect(paths.filter((path) => path.includes('/trigger/'))).toHaveLength(4);
  });

  it('serves, then sees an edit of a source, builds it and restarts the server', () => {
    expect(run(0)).toEqual(['serving', 'saw front', 'saw server', 'bindgen-started', 'bindgen-finished', 'updated']);
    expect(facts.find(({ kind }) => kind === 'updated')).toEqual({ kind: 'updated', server: true, onlyStyle: false });
  });

  it('swaps a stylesheet', () => {
    expect(run(1)).toEqual(['serving', 'saw style', 'begun style', 'written style', 'updated']);
    expect(facts.filter((fact) => fact.kind === 'updated')[1]).toEqual({
      kind: 'updated',
      server: false,
      onlyStyle: true,
    });
  });

  it('fails on broken code', () => {
    expect(run(2)).toEqual(['saw front', 'saw server', 'failed']);
  });

  it('finds nothing changed when only a comment did', () => {
    expect(run(3)).toEqual(['saw front', 'saw server', 'bindgen-finished', 'unchanged']);
  });

  it('copies an asset', () => {
    expect(run(4)).toEqual(['saw assets', 'begun assets', 'written assets', 'updated']);
    expect(facts.filter((fact) => fact.kind === 'updated')[2]).toEqual({
      kind: 'updated',
      server: false,
      onlyStyle: false,
    });
  });

  it.each([
    [5, ['saw front', 'bindgen-finished', 'unchanged']],
    [6, ['saw server', 'unchanged']],
    [7, ['saw style', 'begun style', 'written style', 'unchanged']],
    [8, ['saw assets', 'begun assets', 'written assets', 'updated']],
  ])('a trigger asks for its side alone: run %i', (number, expected) => {
    expect(run(number)).toEqual(expected);
  });

  it('interrupts a build for the next edit', () => {
    expect(run(9)).toContain('interrupted');
  });
});

describe('a line', () => {
  const level = (colour: number) => parseLogLine(`\x1b[38;5;${colour}m       Hello\x1b[0m you`);

  it.each([
    [196, 'error'],
    [214, 'warn'],
    [77, 'info'],
    [26, 'debug'],
    [98, 'debug'],
  ] as const)('in colour %i is of level %s', (colour, expected) => {
    expect(level(colour)).toEqual({ kind: 'message', level: expected, text: 'Hello you' });
  });

  it('without the colour of a log line is the app speaking', () => {
    expect(parseLogLine('Watch waiting for changes')).toEqual({ kind: 'app', line: 'Watch waiting for changes' });
  });

  it('that the app coloured itself is the app speaking', () => {
    const line = '\x1b[2m2026-01-01\x1b[0m \x1b[32m INFO\x1b[0m ready';
    expect(parseLogLine(line)).toEqual({ kind: 'app', line });
  });

  it.each([
    ['"/p/größe"', '/p/größe'],
    ['"/p/gro\\u{308}sse"', '/p/gro\u0308sse'],
    ['"/p/a\\"b"', '/p/a"b'],
    ['"/p/a\\\\b"', '/p/a\\b'],
  ])('names the watched path %s as it is on disk', (printed, path) => {
    expect(parseLogLine(`\x1b[38;5;98m       Watch\x1b[0m path: ${printed}`)).toEqual({ kind: 'watching', path });
  });

  it('with colours within is told without them', () => {
    const fact: LogFact = parseLogLine('\x1b[38;5;26m     Running\x1b[0m \x1b[38;5;241mcargo build\x1b[0m');
    expect(fact).toMatchObject({ kind: 'message', text: 'Running cargo build' });
  });
});

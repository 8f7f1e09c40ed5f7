import { describe, expect, it } from 'vitest';
import { inTurn } from '../../src/bench/runner.js';
import { withOwnCrates } from '../../src/bench/sample/lockfile.js';
import { sampleEdits } from '../../src/bench/sample/sample-edits.js';
import { sampleProject } from '../../src/bench/sample/sample-project.js';
import { SAMPLE_NAMES, type SampleName, sampleSize } from '../../src/bench/sample/sizes.js';
import { parseLockfile } from '../../src/project/lockfile.js';
import { readDocs } from '../support/docs.js';

describe('the samples', () => {
  it.each(SAMPLE_NAMES)('%s is the same each time', async (name) => {
    expect([...(await sampleProject(name)).files]).toEqual([...(await sampleProject(name)).files]);
  });

  it.each<[SampleName, number]>([
    ['small', 3],
    ['medium', 30],
    ['large', 120],
    ['workspace', 30],
  ])('%s has %i pages, each a file with a route', async (name, pages) => {
    const { files, appFolder } = await sampleProject(name);
    expect(sampleSize(name).pages).toBe(pages);
    const modules = [...files.keys()].filter((file) => /\/p\d{3}\.rs$/.test(file));
    expect(modules).toHaveLength(pages - 1);
    const routes = [...files]
      .filter(([file]) => /section_\d+\/mod\.rs$/.test(file))
      .map(([, text]) => text.match(/<Route /g));
    expect(routes.flat()).toHaveLength(pages - 1);
    expect(files.get(`${appFolder}src/app.rs`)?.match(/<Section\d+Routes \/>/g)).toHaveLength(routes.length);
  });

  it('the large one has at least 8,000 lines, with server functions, resources and lists', async () => {
    const { lines, files } = await sampleProject('large');
    const text = [...files.values()].join('\n');
    expect(lines).toBeGreaterThanOrEqual(8_000);
    expect(lines).toBe(
      [...files].filter(([file]) => file.endsWith('.rs')).flatMap(([, source]) => source.match(/\n/g)).length,
    );
    for (const part of ['#[server]', 'Resource::new', '<For ', '<ActionForm', 'Memo::new']) {
      expect(text.split(part).length).toBeGreaterThan(30);
    }
  });

  it.each(SAMPLE_NAMES)('the docs tell how large %s is', async (name) => {
    const { lines, pages } = await sampleProject(name);
    expect(readDocs('docs/benchmarks.md')).toContain(`| \`${name}\` | ${pages} | ${lines.toLocaleString('en')} | `);
  });

  it('all lock the same versions of what they depend on', async () => {
    const locked = await Promise.all(
      SAMPLE_NAMES.map(async (name) => {
        const { files, crates } = await sampleProject(name);
        return [...parseLockfile(files.get('Cargo.lock') ?? '')].filter(([crate]) => !crates.includes(crate));
      }),
    );
    expect(locked[0]?.length).toBeGreaterThan(100);
    for (const other of locked) expect(other).toEqual(locked[0]);
  });

  it('the workspace has what both sides share in a crate of its own', async () => {
    const { files } = await sampleProject('workspace');
    expect(files.get('Cargo.toml')).toContain('bin-package = "bench-workspace-server"');
    expect(files.get('Cargo.toml')).not.toContain('-features');
    expect(files.get('frontend/src/lib.rs')).toContain('hydrate_body(bench_workspace_app::app::App)');
    expect(files.get('app/src/lib.rs')).not.toContain('hydrate');
    expect(files.has('src/lib.rs')).toBe(false);
  });
});

describe('the edits of the samples', () => {
  it('each have their turn to be first, and end with one that every tool builds', async () => {
    const edits = sampleEdits(await sampleProject('small'));
    const rounds = Array.from({ length: edits.length }, (_, index) =>
      inTurn(edits, index + 1).map(({ scenario }) => scenario),
    );
    for (const round of rounds) {
      expect([...round].sort()).toEqual(edits.map(({ scenario }) => scenario).sort());
      expect(['leaf', 'shared', 'server-fn', 'text', 'burst', 'syntax-error']).toContain(round.at(-1));
    }
    expect(new Set(rounds.map(([first]) => first)).size).toBeGreaterThan(4);
    const unbuilt = edits.filter(({ scenario }) => scenario === 'css' || scenario === 'no-op');
    expect(inTurn(unbuilt, 2).map(({ scenario }) => scenario)).toEqual(['no-op', 'css']);
    expect(inTurn([], 3)).toEqual([]);
  });

  it.each(SAMPLE_NAMES)('each finds its place in %s, again and again', async (name) => {
    const sample = await sampleProject(name);
    for (const { file, steps, scenario } of sampleEdits(sample)) {
      let text = sample.files.get(file);
      if (text === undefined) throw new Error(`${name} has no ${file}`);
      for (let n = 1; n <= 12; n += 1) {
        for (const step of steps) {
          const before = text;
          text = step.change(text, n);
          if (scenario === 'no-op') expect(text).toBe(before);
          else expect(text).not.toBe(before);
          const sign = step.sign(n);
          if (sign.kind === 'content' || sign.kind === 'style') {
            expect(before).not.toContain(sign.text);
            expect(text).toContain(sign.text);
          }
        }
      }
    }
  });

  it('take away again what does not parse, and keep one comment', async () => {
    const sample = await sampleProject('small');
    const edits = sampleEdits(sample);
    const leaf = sample.files.get('src/pages/leaf.rs') ?? '';
    const [broken, mended] = edits.find(({ scenario }) => scenario === 'syntax-error')?.steps ?? [];
    const [comment] = edits.find(({ scenario }) => scenario === 'comment')?.steps ?? [];
    if (!broken || !mended || !comment) throw new Error('an edit is missing');
    const commented = comment.change(comment.change(leaf, 1), 2);
    expect(commented).toBe(`${leaf}// leptos-fast bench 2\n`);
    expect(mended.change(broken.change(leaf, 3), 3)).toBe(leaf.replace('leaf edit 0.', 'leaf edit 3.'));
  });
});

describe('withOwnCrates', () => {
  const lockfile = `# head
version = 4

[[package]]
name = "anyhow"
version = "1.0.0"

[[package]]
name = "tidepool"
version = "0.1.0"
dependencies = [
 "anyhow",
 "zebra",
]

[[package]]
name = "zebra"
version = "1.0.0"
`;

  it("puts crates where cargo would, with their own dependencies or the template's", () => {
    const made = withOwnCrates(lockfile, 'tidepool', [
      { name: 'bench' },
      { name: 'zz-server', dependencies: ['zebra', 'bench'] },
    ]);
    expect(made).toBe(`# head
version = 4

[[package]]
name = "anyhow"
version = "1.0.0"

[[package]]
name = "bench"
version = "0.1.0"
dependencies = [
 "anyhow",
 "zebra",
]

[[package]]
name = "zebra"
version = "1.0.0"

[[package]]
name = "zz-server"
version = "0.1.0"
dependencies = [
 "bench",
 "zebra",
]
`);
  });
});

import { describe, expect, it } from 'vitest';
import { editManifest, presetInManifest, removeFromManifest } from '../../src/project/manifest-edit.js';
import { init, presetNamed, unwrap } from './manifest-support.js';

const LEPTOS = '[package.metadata.leptos]\noutput-name = "x"\n';
const BY_HAND = `${LEPTOS}\n[profile.dev-fast]\ninherits = "dev"\ndebug = 1 # lines\n`;

/** Replaces text that has to be there. */
function change(text: string, from: string, to: string): string {
  expect(text).toContain(from);
  return text.replace(from, to);
}

const remove = (text: string) => unwrap(removeFromManifest(text, ''));

describe('values set by hand', () => {
  it('stay and are reported with their line and what the preset has', () => {
    const { text, kept } = init(BY_HAND, 'minimal');
    expect(text).toContain('debug = 1 # lines\n');
    expect(kept).toEqual([{ path: ['profile', 'dev-fast', 'debug'], value: '1', wanted: false, line: 8 }]);
  });

  it('give way to --yes, and the old line stands in the mark', () => {
    const { text, kept } = init(BY_HAND, 'minimal', { yes: true });
    expect(text).toContain('debug = false # leptos-fast: minimal, was: debug = 1 # lines\n');
    expect(kept).toEqual([]);
    expect(remove(text)).toBe(BY_HAND);
  });

  it('stay replaced when another preset follows without --yes', () => {
    const text = init(init(BY_HAND, 'minimal', { yes: true }).text, 'debuggable').text;
    expect(text).toContain('debug = true # leptos-fast: debuggable, was: debug = 1 # lines\n');
  });

  it('count as equal in another spelling of the same debug level', () => {
    const zero = BY_HAND.replace('debug = 1', 'debug = "none"');
    expect(init(zero, 'minimal', { yes: true }).text).toContain('debug = "none" # lines');
  });

  it('include the profiles that the Leptos metadata already names', () => {
    const own = `${LEPTOS}lib-profile-dev = "mine" # careful\n`;
    expect(init(own, 'minimal').text).toContain(
      'lib-profile-dev = "mine" # careful\nbin-profile-dev = "dev-fast" # leptos-fast\n',
    );
    expect(init(own, 'minimal', { yes: true }).text).toContain(
      'lib-profile-dev = "dev-fast" # leptos-fast, was: lib-profile-dev = "mine" # careful\n',
    );
  });

  it('written onto our own lines are the user’s from then on', () => {
    const edited = change(init(LEPTOS, 'minimal').text, 'debug = false # leptos-fast', 'debug = 1 # leptos-fast');
    const again = init(edited, 'minimal');
    expect(again.text).toBe(edited);
    expect(again.kept.map(({ value }) => value)).toEqual(['1']);
    const switched = init(edited, 'debuggable').text;
    expect(switched).toContain('debug = 1\n');
    expect(init(edited, 'minimal', { yes: true }).text).toBe(init(LEPTOS, 'minimal').text);
  });
});

describe('switching the preset', () => {
  it('replaces our values and drops keys that the new preset does not have', () => {
    const roadmap = init(LEPTOS, 'roadmap').text;
    expect(roadmap).toContain('panic = "abort" # leptos-fast');
    const minimal = init(roadmap, 'minimal').text;
    expect(minimal).toBe(init(LEPTOS, 'minimal').text);
    expect(minimal).not.toContain('panic');
  });

  it('is known from the manifest', () => {
    expect(presetInManifest(init(LEPTOS, 'roadmap').text, '')).toEqual({ ok: true, value: 'roadmap' });
    expect(presetInManifest(init(BY_HAND, 'debuggable').text, '')).toEqual({ ok: true, value: 'debuggable' });
    expect(presetInManifest(LEPTOS, '')).toEqual({ ok: true, value: undefined });
  });
});

describe('the lockfile', () => {
  it('decides which crates are named, and a later one adds and drops', () => {
    const some = init(LEPTOS, 'balanced', { locked: new Set(['syn', 'rstml']) }).text;
    expect(some.match(/^package\..*$/gm)).toEqual([
      'package.rstml.opt-level = 1 # leptos-fast',
      'package.syn.opt-level = 1 # leptos-fast',
    ]);
    const other = init(some, 'balanced', { locked: new Set(['syn', 'quote']) }).text;
    expect(other).toBe(init(LEPTOS, 'balanced', { locked: new Set(['syn', 'quote']) }).text);
  });

  it('leaves entries alone when there is none', () => {
    const some = init(LEPTOS, 'balanced', { locked: new Set(['syn']) }).text;
    expect(init(some, 'balanced', { locked: undefined }).text).toBe(some);
    expect(init(LEPTOS, 'balanced', { locked: undefined }).text).not.toContain('package.syn');
  });

  it.each(['syn@1.0.109', 'syn:1', 'https://example.org/index#syn@2.0.0'])(
    'leaves a crate out that has the entry %s',
    (spec) => {
      const text = `${LEPTOS}[profile.dev.package."${spec}"]\nopt-level = 0\n`;
      const edit = init(text, 'balanced', { locked: new Set(['syn', 'quote']) });
      expect(edit.skippedCrates).toEqual(['syn']);
      expect(edit.text).not.toContain('package.syn.');
    },
  );
});

describe('--remove after edits', () => {
  it('keeps a table that the user added to our profile, and inherits with it', () => {
    const text = `${init(LEPTOS, 'minimal').text}\n[profile.dev-fast.package.image]\nopt-level = 3\n`;
    expect(remove(text)).toBe(
      `${LEPTOS}\n[profile.dev-fast]\ninherits = "dev"\n\n[profile.dev-fast.package.image]\nopt-level = 3\n`,
    );
  });

  it('keeps a key that the user added below our header', () => {
    const text = change(
      init(LEPTOS, 'minimal').text,
      'debug = false # leptos-fast\n',
      'debug = false # leptos-fast\nstrip = "none"\n',
    );
    expect(remove(text)).toBe(`${LEPTOS}\n[profile.dev-fast]\ninherits = "dev"\nstrip = "none"\n`);
  });

  it('keeps a line whose mark the user deleted', () => {
    const text = change(init(LEPTOS, 'minimal').text, 'debug = false # leptos-fast', 'debug = false');
    expect(remove(text)).toBe(`${LEPTOS}\n[profile.dev-fast]\ninherits = "dev"\ndebug = false\n`);
  });

  it('takes only our keys out of an inline table that the user went on with', () => {
    const inline = 'profile = { dev-fast = { inherits = "dev", debug = 1 } } # mine\n[package]\nmetadata.leptos = {}\n';
    const edited = change(
      init(inline, 'minimal', { yes: true }).text,
      'inherits = "dev",',
      'inherits = "dev", strip = "none",',
    );
    expect(remove(edited)).toBe(
      'profile = { dev-fast = { inherits = "dev", strip = "none", debug = 1 } }\n[package]\nmetadata.leptos = {}\n',
    );
  });

  it('finds our lines where somebody moved them', () => {
    const after = init(LEPTOS, 'minimal').text;
    const line = 'lib-profile-dev = "dev-fast" # leptos-fast\n';
    const moved = change(change(after, line, ''), 'output-name', `${line}output-name`);
    expect(init(moved, 'minimal').text).toBe(moved);
    expect(remove(moved)).toBe(LEPTOS);
  });

  it('leaves comments alone that only look like marks', () => {
    const text = `# leptos-fast\n# leptos-fast, was: debug = 1\n${LEPTOS}note = "# leptos-fast"\n`;
    expect(remove(text)).toBe(text);
  });
});

describe('manifests that cannot be edited', () => {
  const edit = (text: string) =>
    editManifest(text, 'Cargo.toml', { preset: presetNamed('minimal'), knownPresets: [], overrideUser: true });

  it('names line and column of invalid TOML', () => {
    const result = edit('[package]\nname = "x"\nversion = = 1\n');
    expect(result).toMatchObject({ ok: false, error: { code: 'LF002', where: { file: 'Cargo.toml', line: 3 } } });
    expect(edit('\uFEFF[package\n')).toMatchObject({ ok: false, error: { where: { line: 1, column: 9 } } });
  });

  it('refuses where a mark would have to stand inside a string', () => {
    const text = `${LEPTOS}[profile]\ndev-fast = { inherits = "dev", note = """\nx""" }\n`;
    expect(edit(text)).toMatchObject({ ok: false, error: { code: 'LF032', where: { line: 4 } } });
  });

  it('refuses where something else than a table stands in the way', () => {
    const text = `${LEPTOS}[profile]\ndev-fast = 1\n`;
    expect(edit(text)).toMatchObject({ ok: false, error: { code: 'LF032', where: { line: 4 } } });
  });

  it('refuses to replace a table by a value', () => {
    const text = `${LEPTOS}[profile.dev-fast]\ndebug = [1]\n`;
    expect(edit(text)).toMatchObject({ ok: false, error: { code: 'LF032', where: { line: 4 } } });
  });
});

describe('line ends', () => {
  it('of new lines are those of their neighbours, also where a file mixes them', () => {
    const text = `[package]\r\nname = "x"\r\n${LEPTOS}[features]\r\n`;
    const after = init(text, 'minimal').text;
    expect(after).toContain('output-name = "x"\nlib-profile-dev = "dev-fast" # leptos-fast\nbin-profile-dev');
    expect(after).toContain('inherits = "dev" # leptos-fast\r\n');
    expect(remove(after)).toBe(text);
  });
});

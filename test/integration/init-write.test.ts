import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { LfError } from '../../src/core/errors.js';
import { err, ok } from '../../src/core/result.js';
import { type InitIo, runInit } from '../../src/project/init.js';
import { openQuestions } from '../../src/project/init-ask.js';
import { type ManifestFile, readManifestFile, writeManifests } from '../../src/project/manifest-write.js';
import { MANIFEST, project, read } from './init-support.js';

const REJECTED: LfError = { code: 'LF031', message: 'no', help: [], exitCode: 3 };

async function open(root: string, name: string): Promise<ManifestFile> {
  const file = await readManifestFile(join(root, name));
  if (!file.ok) throw new Error(file.error.message);
  return file.value;
}

describe('writing several manifests', () => {
  it('puts all of them back when the check says no', async () => {
    const root = project({ 'a.toml': '# a\r\n', 'b.toml': '\uFEFF# b' });
    const changes = [
      { file: await open(root, 'a.toml'), text: '# new a' },
      { file: await open(root, 'b.toml'), text: '# new b' },
    ];
    let seen = '';
    const result = await writeManifests(changes, async () => {
      seen = read(root, 'a.toml') + read(root, 'b.toml');
      return err(REJECTED);
    });
    expect(seen).toBe('# new a# new b');
    expect(result).toEqual(err(REJECTED));
    expect(read(root, 'a.toml')).toBe('# a\r\n');
    expect(read(root, 'b.toml')).toBe('\uFEFF# b');
    expect(readdirSync(root).sort()).toEqual(['a.toml', 'b.toml']);
  });

  it('writes none when one of them changed after it was read', async () => {
    const root = project({ 'a.toml': '# a', 'b.toml': '# b' });
    const changes = [
      { file: await open(root, 'a.toml'), text: '# new a' },
      { file: await open(root, 'b.toml'), text: '# new b' },
    ];
    writeFileSync(join(root, 'b.toml'), '# somebody else');
    const result = await writeManifests(changes, async () => ok(undefined));
    expect(result).toMatchObject({ ok: false, error: { code: 'LF030', why: expect.stringContaining('changed') } });
    expect(read(root, 'a.toml')).toBe('# a');
    expect(read(root, 'b.toml')).toBe('# somebody else');
  });

  it('does not put back over somebody else’s text, and says so', async () => {
    const root = project({ 'a.toml': '# a' });
    const changes = [{ file: await open(root, 'a.toml'), text: '# new a' }];
    const result = await writeManifests(changes, async () => {
      writeFileSync(join(root, 'a.toml'), '# somebody else');
      return err(REJECTED);
    });
    expect(read(root, 'a.toml')).toBe('# somebody else');
    expect(result).toMatchObject({ ok: false, error: { code: 'LF031', why: expect.stringContaining('not put back') } });
  });
});

describe('asking', () => {
  const io = (root: string, answers: readonly boolean[]): InitIo & { readonly asked: string[] } => {
    const asked: string[] = [];
    return {
      asked,
      cwd: root,
      write: () => undefined,
      ask: async (question) => {
        asked.push(question);
        const answer = answers[asked.length - 1];
        if (answer === undefined) throw new Error(`not expected: ${question}`);
        return answer;
      },
    };
  };
  const options = (dir: string) => ({ dir, mode: 'write', remove: false, yes: false }) as const;

  it('a no writes nothing', async () => {
    const root = project();
    expect(await runInit(options(root), io(root, [false]))).toEqual(ok(0));
    expect(read(root)).toBe(MANIFEST);
  });

  it('a yes writes; then there is nothing to ask', async () => {
    const root = project();
    await runInit(options(root), io(root, [true]));
    expect(read(root)).toContain('[profile.dev-fast]');
    const again = io(root, []);
    expect(await runInit(options(root), again)).toEqual(ok(0));
    expect(again.asked).toEqual([]);
  });

  it.each([
    [false, '\nlib-profile-dev = "mine"\n'],
    [true, '\nlib-profile-dev = "dev-fast" # leptos-fast, was: lib-profile-dev = "mine"\n'],
  ])('values set by hand are asked about first (%s), and then no more', async (answer, line) => {
    const manifest = `${MANIFEST}lib-profile-dev = "mine"\n[profile.mine]\ninherits = "dev"\n`;
    const root = project({ 'Cargo.toml': manifest, 'src/lib.rs': '' });
    const person = io(root, [answer, true]);
    await runInit(options(root), person);
    expect(person.asked).toHaveLength(2);
    expect(read(root)).toContain(line);
    expect(await runInit(options(root), io(root, []))).toEqual(ok(0));
  });

  it('takes lines typed ahead, and the end of the input for a no', async () => {
    const input = new PassThrough();
    const { ask, close } = openQuestions(input, new PassThrough());
    input.write('y\n\nnonsense\n');
    expect([await ask('', false), await ask('', true), await ask('', true)]).toEqual([true, true, false]);
    input.end();
    expect(await ask('', true)).toBe(false);
    expect(await ask('', true)).toBe(false);
    close();
  });

  it('cargo’s no puts the manifest back: LF031 with its words', async () => {
    const root = project();
    // What cargo refuses then is that the package has no target any more.
    const breaking: InitIo = {
      ...io(root, []),
      ask: async () => {
        rmSync(join(root, 'src', 'lib.rs'));
        return true;
      },
    };
    expect(await runInit(options(root), breaking)).toMatchObject({
      ok: false,
      error: { code: 'LF031', exitCode: 3, why: expect.stringContaining('no targets') },
    });
    expect(read(root)).toBe(MANIFEST);
  });

  it('a manifest that changes while the question stands is not overwritten', async () => {
    const root = project();
    const slow: InitIo = {
      ...io(root, []),
      ask: async () => {
        writeFileSync(join(root, 'Cargo.toml'), `${MANIFEST}# saved meanwhile\n`);
        return true;
      },
    };
    expect(await runInit(options(root), slow)).toMatchObject({ ok: false, error: { code: 'LF030' } });
    expect(read(root)).toBe(`${MANIFEST}# saved meanwhile\n`);
  });
});

import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { editorFrom, editorUrl, openInEditor } from '../../src/serve/editor.js';
import { ManualClock } from '../support/manual-clock.js';
import { tempDir, writeFiles, writeScript } from '../support/temp-dir.js';
import { waitUntil } from '../support/wait-until.js';

describe('the editor', () => {
  it.each([
    [{}, null],
    [{ LEPTOS_FAST_EDITOR: '  ', VISUAL: '' }, null],
    [{ LEPTOS_FAST_EDITOR: 'code --wait', VISUAL: 'zed' }, ['code', '--wait']],
    [{ VISUAL: 'zed' }, ['zed']],
    [{ VISUAL: '/usr/bin/nvim' }, null],
    [{ VISUAL: 'emacsclient -t' }, null],
    [{ VISUAL: 'emacsclient -n' }, ['emacsclient', '-n']],
    [{ LEPTOS_FAST_EDITOR: 'nvim --server x' }, ['nvim', '--server', 'x']],
    [{ EDITOR: 'code' }, null],
    [{ VISUAL: `"/My Apps/code" --x='a b' c"d"` }, ['/My Apps/code', '--x=a b', 'cd']],
  ])('of %j is %j', (env, editor) => {
    expect(editorFrom(env)).toEqual(editor);
  });
});

describe('the link', () => {
  it.each([
    ['/home/a b/src/app.rs', 'vscode://file/home/a%20b/src/app.rs:3:5'],
    ['/x/a:b#c?d%/"<ü>.rs', 'vscode://file/x/a%3Ab%23c%3Fd%25/%22%3C%C3%BC%3E.rs:3:5'],
    ['C:\\src\\app.rs', 'vscode://file/C:/src/app.rs:3:5'],
  ])('to %s is %s', (file, url) => {
    expect(editorUrl({ file, line: 3, column: 5 })).toBe(url);
    expect(new URL(url).protocol).toBe('vscode:');
  });
});

describe('opening', () => {
  /** A file, and a way to make commands that write down their arguments, one a line. */
  async function rig() {
    const dir = await tempDir();
    await writeFiles(dir, { 'src/app.rs': '' });
    const place = { file: join(dir, 'src/app.rs'), line: 12, column: 7 };
    const log = join(dir, 'arguments');
    const command = (name: string, then = ''): Promise<string> =>
      writeScript(
        join(dir, name),
        `#!/bin/sh\nprintf '%s\\n' "$@" > '${log}.part'\nmv '${log}.part' '${log}'\n${then}`,
      );
    const args = async (): Promise<string[]> => (await readFile(log, 'utf8')).trimEnd().split('\n');
    return { dir, place, command, args };
  }

  it.each([
    ['code', ['-g', 'FILE:12:7']],
    ['zed', ['FILE:12:7']],
    ['rustrover', ['--line', '12', '--column', '7', 'FILE']],
    ['gvim', ['+12', 'FILE']],
    ['unknown', ['FILE']],
  ])('%s gets the place in its own way', async (name, expected) => {
    const { place, command, args } = await rig();
    const opened = await openInEditor(place, { LEPTOS_FAST_EDITOR: await command(name) });
    expect(opened.ok).toBe(true);
    expect(await args()).toEqual(expected.map((word) => word.replace('FILE', place.file)));
  });

  it('places in its arguments are filled in', async () => {
    const { place, command, args } = await rig();
    const editor = `${await command('nvim')} --remote-send ':e +{line} {file}|{column}'`;
    expect((await openInEditor(place, { LEPTOS_FAST_EDITOR: editor })).ok).toBe(true);
    expect(await args()).toEqual(['--remote-send', `:e +12 ${place.file}|7`]);
  });

  it('a name with shell signs is a name', async () => {
    const { dir, command, args } = await rig();
    const file = join(dir, '$(touch x); `id` & "a b".rs');
    await writeFiles(dir, { '$(touch x); `id` & "a b".rs': '' });
    await openInEditor({ file, line: 1, column: 1 }, { LEPTOS_FAST_EDITOR: await command('code') });
    expect(await args()).toEqual(['-g', `${file}:1:1`]);
  });

  it('an editor that runs on is open', async () => {
    const { dir, place, command } = await rig();
    const clock = new ManualClock();
    const window = join(dir, 'window');
    await promisify(execFile)('mkfifo', [window]);
    const editor = await command('code', `read line < '${window}'`);
    const opening = openInEditor(place, { VISUAL: editor }, clock);
    await waitUntil('the limit', () => clock.pending === 1);
    await clock.advance(2_000);
    expect((await opening).ok).toBe(true);
    await writeFile(window, 'close\n');
  });

  it('says why when it fails', async () => {
    const { dir, place, command } = await rig();
    const why = async (at: typeof place, env: Record<string, string>): Promise<string> => {
      const opened = await openInEditor(at, env);
      return opened.ok ? 'opened' : `${opened.error.code} ${opened.error.why}`;
    };
    expect(await why(place, {})).toBe('LF052 no editor is set');
    expect(await why({ ...place, file: join(dir, 'gone.rs') }, { VISUAL: 'code' })).toBe('LF052 the file is gone');
    expect(await why(place, { VISUAL: join(dir, 'no-such-editor') })).toMatch(/^LF052 .*ENOENT/s);
    expect(await why(place, { VISUAL: await command('code', 'exit 3') })).toMatch(/^LF052 .*exit code 3/s);
  });
});

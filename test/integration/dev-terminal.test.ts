import { type ChildProcess, spawn } from 'node:child_process';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { BIN } from '../support/dev-run.js';
import { type FakeProject, fakeProject } from '../support/fake-project.js';
import { waitUntil } from '../support/wait-until.js';

/** `leptos-fast dev` at a terminal of its own, which script(1) of util-linux makes. */
class Terminal {
  text = '';
  readonly ended: Promise<number | null>;
  readonly #child: ChildProcess;

  constructor(project: FakeProject, columns = 100) {
    const { CI: _ci, ...env } = project.env;
    const command = `'${process.execPath}' '${BIN}' dev`;
    // After the run, the shell tells how it has left the terminal.
    const child = spawn(
      'script',
      ['-qefc', `stty cols ${columns}; ${command}; code=$?; stty -a; exit $code`, '/dev/null'],
      {
        cwd: project.dir,
        env: { ...env, TERM: 'xterm' },
        stdio: ['pipe', 'pipe', 'inherit'],
      },
    );
    this.#child = child;
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      this.text += stripVTControlCharacters(chunk);
    });
    this.ended = new Promise((resolve) => child.once('close', resolve));
    onTestFinished(async () => {
      child.stdin.end();
      child.kill();
      await this.ended;
    });
  }

  press(key: string): void {
    this.#child.stdin?.write(key);
  }

  async shows(text: string | RegExp): Promise<void> {
    const found = (): boolean => (typeof text === 'string' ? this.text.includes(text) : text.test(this.text));
    await waitUntil(`${text} on the screen`, found, () => this.text);
  }
}

describe.runIf(process.platform === 'linux')('at a terminal', () => {
  it('keys show help, build anew and quit, and the terminal is left as it was', async () => {
    const project = await fakeProject();
    const terminal = new Terminal(project);
    await terminal.shows('press h for help');
    terminal.press('h');
    await terminal.shows(/r {2}build everything/);
    terminal.press('r');
    await terminal.shows(/asked for {3}/);
    terminal.press('x');
    terminal.press('q');
    expect(await terminal.ended).toBe(0);
    expect(terminal.text).toMatch(/[^-]icanon/);
    expect(terminal.text).toMatch(/[^-]\becho\b/);
  });

  it.each([
    ['that tells its width', 100],
    ['that does not', 0],
  ])('%s, Ctrl-C ends it in order', async (_what, columns) => {
    const project = await fakeProject();
    const terminal = new Terminal(project, columns);
    await terminal.shows('press h for help');
    terminal.press('\x03');
    expect(await terminal.ended).toBe(0);
    expect(terminal.text).toContain('stopping');
  });
});

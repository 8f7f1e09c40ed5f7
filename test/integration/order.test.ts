import { get, type IncomingMessage } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type DevRun, startDev } from '../support/dev-run.js';
import { type FakeProject, fakeProject, rust } from '../support/fake-project.js';
import { waitUntil } from '../support/wait-until.js';

/*
 * `--order content` with the real cargo-leptos 0.3.11 under the whole of `dev`; the compiler, wasm-bindgen and the app
 * are fakes, so the test says when each of them is done.
 */

/** A request for a file of the wasm, as a page sends it. */
class Asked {
  status: number | null = null;
  body = '';
  hasFailed = false;
  readonly done: Promise<void>;

  constructor(project: FakeProject, file: string) {
    const request = get({ host: '127.0.0.1', port: project.sitePort, path: `/pkg/${file}`, agent: false });
    this.done = new Promise((resolve) => {
      request.on('error', () => {
        this.hasFailed = true;
        resolve();
      });
      request.on('response', (answer: IncomingMessage) => {
        this.status = answer.statusCode ?? 0;
        answer.setEncoding('utf8').on('data', (text: string) => {
          this.body += text;
        });
        answer.on('end', resolve);
      });
    });
    onTestFinished(() => {
      request.destroy();
    });
  }

  /** Its answer has begun or its connection ended. */
  get isSettled(): boolean {
    return this.status !== null || this.hasFailed;
  }
}

async function started(args: readonly string[] = []): Promise<[FakeProject, DevRun]> {
  const project = await fakeProject();
  const dev = await startDev(project, ['--order', 'content', ...args]).ready();
  return [project, dev];
}

/** Waits until the server answers with this text, whatever the wasm is. */
async function served(project: FakeProject, dev: DevRun, text: string): Promise<void> {
  await waitUntil(
    `"${text}" from the server`,
    async () => (await project.page().catch(() => null))?.sources.includes(text),
    () => dev.story(),
  );
}

/** The wasm as a page of now gets it. */
async function wasmOf(project: FakeProject): Promise<string> {
  const asked = new Asked(project, 'app.wasm');
  await asked.done;
  return asked.body;
}

/** The server has the text, and its wasm is held back. */
async function contentAhead(text: string): Promise<[FakeProject, DevRun, () => Promise<void>]> {
  const [project, dev] = await started();
  const release = await project.hold('front');
  const from = dev.mark();
  await project.save({ 'src/app.rs': rust(text) });
  await dev.next('reloaded', from);
  return [project, dev, release];
}

describe('a front slower than the server', () => {
  it('comes after the content, and the page waits for its wasm', async () => {
    const [project, dev, release] = await contentAhead('hello 2');
    expect(dev.all('reloaded')).toMatchObject([{ batch: 1, kind: 'full', restarted: true, contentOnly: true }]);
    expect((await project.page()).sources).toContain('hello 2');
    expect(await project.wasm()).toContain('hello 1');
    const [wasm, script] = [new Asked(project, 'app.wasm'), new Asked(project, 'app.js')];
    const style = new Asked(project, 'app.css');
    await style.done;
    expect([wasm.isSettled, script.isSettled]).toEqual([false, false]);
    expect(dev.all('interactive')).toEqual([]);
    await release();
    await Promise.all([wasm.done, script.done]);
    expect(wasm.body).toContain('hello 2');
    expect(script.status).toBe(200);
    const interactive = await dev.next('interactive');
    expect(interactive.batch).toBe(1);
    expect(interactive.ms).toBeGreaterThanOrEqual(dev.all('reloaded')[0]?.ms ?? Number.POSITIVE_INFINITY);
    expect(dev.all('reloaded')).toHaveLength(1);
    expect((await project.builds()).map(({ side }) => side).sort()).toEqual(['front', 'front', 'server', 'server']);
  });
});

describe('a server slower than the front', () => {
  it('is told with its wasm, as together', async () => {
    const [project, dev] = await started();
    const release = await project.hold('server');
    const from = dev.mark();
    await project.save({ 'src/app.rs': rust('hello 2') });
    await dev.next('step', from, ({ step, state }) => step === 'wasm-bindgen' && state === 'finished');
    expect(await wasmOf(project)).toContain('hello 2');
    await release();
    const reloaded = await dev.next('reloaded', from);
    expect(reloaded).not.toHaveProperty('contentOnly');
    expect((await project.page()).sources).toContain('hello 2');
    expect(dev.all('interactive')).toEqual([]);
  });
});

describe('a front that does not compile after its content', () => {
  it('leaves the page as the server wrote it, until it is mended', async () => {
    const [project, dev] = await started();
    const release = await project.hold('front');
    const from = dev.mark();
    await project.save({ 'src/app.rs': rust('BROKEN_FRONT 2') });
    await dev.next('reloaded', from, ({ contentOnly }) => contentOnly === true);
    const [wasm, script] = [new Asked(project, 'app.wasm'), new Asked(project, 'app.js')];
    await release();
    const failed = await dev.next('build-finished', from, ({ ok }) => !ok);
    expect(failed).toMatchObject({ batch: 1, side: 'front', diagnostics: [{ code: 'E0425' }] });
    await Promise.all([wasm.done, script.done]);
    expect([wasm.status, script.status]).toEqual([503, 200]);
    expect(script.body).toContain('await new Promise');
    const later = new Asked(project, 'app.wasm');
    await later.done;
    expect(later.status).toBe(503);
    expect(dev.all('interactive')).toEqual([]);
    await project.save({ 'src/app.rs': rust('hello 3') });
    await dev.next('reloaded', from, ({ batch }) => batch === 2);
    expect((await project.page()).sources).toContain('hello 3');
    expect(await wasmOf(project)).toContain('hello 3');
  });

  it('and is undone gets the wasm of before with the server of before', async () => {
    const [project, dev] = await started();
    const release = await project.hold('front');
    const from = dev.mark();
    await project.save({ 'src/app.rs': rust('BROKEN_FRONT 2') });
    await dev.next('reloaded', from);
    await release();
    await dev.next('build-finished', from, ({ ok }) => !ok);
    await project.save({ 'src/app.rs': rust('hello 1') });
    await dev.next('reloaded', from, ({ batch }) => batch === 2);
    expect((await project.page()).sources).toContain('hello 1');
    expect(await wasmOf(project)).toContain('hello 1');
  });
});

describe('a server that does not compile', () => {
  it('changes nothing for the page, and is mended with both sides', async () => {
    const [project, dev] = await started();
    const release = await project.hold('front');
    const from = dev.mark();
    await project.save({ 'src/app.rs': rust('BROKEN_SERVER 2') });
    await dev.next('build-finished', from, ({ ok }) => !ok);
    expect((await project.page()).sources).toContain('hello 1');
    await release();
    await project.save({ 'src/app.rs': rust('hello 3') });
    await served(project, dev, 'hello 3');
    await waitUntil('its wasm', async () => (await wasmOf(project)).includes('hello 3'));
  });
});

describe('between the content and its wasm', () => {
  it('an edit stops the front, and its own content goes first', async () => {
    const [project, dev, release] = await contentAhead('hello 2');
    const stranded = new Asked(project, 'app.js');
    const from = dev.mark();
    await project.save({ 'src/app.rs': rust('hello 3') });
    await dev.next('build-stopped', from, ({ side }) => side === 'front');
    await dev.next('reloaded', from, ({ batch }) => batch === 2);
    await served(project, dev, 'hello 3');
    // The wasm of its page is never built.
    await stranded.done;
    expect(stranded.body).toContain('await new Promise');
    const wasm = new Asked(project, 'app.wasm');
    await release();
    await wasm.done;
    expect(wasm.body).toContain('hello 3');
    await dev.next('interactive', from, ({ batch }) => batch === 2);
    expect(dev.all('interactive').map(({ batch }) => batch)).toEqual([1, 2]);
  });

  it('a stylesheet goes to the page, and the front is built on', async () => {
    const [project, dev, release] = await contentAhead('hello 2');
    const from = dev.mark();
    await project.save({ 'style/main.css': 'body { color: blue; }\n' });
    expect(await dev.next('reloaded', from)).toMatchObject({ kind: 'style' });
    const wasm = new Asked(project, 'app.wasm');
    await release();
    await wasm.done;
    expect(wasm.body).toContain('hello 2');
    expect(dev.all('build-stopped')).toEqual([]);
  });

  it('a crash of the server is mended, and the page gets its wasm', async () => {
    const [project, dev, release] = await contentAhead('hello 2');
    const { pid } = await project.page();
    process.kill(pid, 'SIGKILL');
    await dev.next('recovery', 0, ({ kind }) => kind === 'restart');
    const wasm = new Asked(project, 'app.wasm');
    await release();
    await wasm.done;
    expect(wasm.body).toContain('hello 2');
    await dev.next('interactive');
    expect((await project.page()).sources).toContain('hello 2');
  });

  it('the death of cargo-leptos is mended, and the page gets its wasm', async () => {
    const [project, dev, release] = await contentAhead('hello 2');
    const watch = (await dev.offspring()).find(({ command }) => command.startsWith('cargo-leptos'));
    process.kill(watch?.pid ?? 0, 'SIGKILL');
    await dev.next('recovery', 0, ({ kind }) => kind === 'restart');
    const wasm = new Asked(project, 'app.wasm');
    await release();
    await wasm.done;
    expect(wasm.body).toContain('hello 2');
    await dev.next('interactive');
    expect((await project.page()).sources).toContain('hello 2');
    expect(await project.wasm()).toContain('hello 2');
  });

  it('the end leaves no request and no process behind', async () => {
    const [project, dev] = await contentAhead('hello 2');
    const wasm = new Asked(project, 'app.wasm');
    await dev.offspring();
    expect((await dev.stop()).code).toBe(0);
    await wasm.done;
    expect(wasm.hasFailed).toBe(true);
    expect(await dev.leftovers()).toEqual([]);
  });
});

describe('a server that dies at its start while its wasm is built', () => {
  it('is told, and mended with both sides', async () => {
    const [project, dev] = await started();
    const release = await project.hold('front');
    const from = dev.mark();
    await project.save({ 'src/app.rs': rust('CRASH_AT_START 2') });
    await dev.next('server-exited', from);
    expect(dev.all('reloaded', from)).toEqual([]);
    await project.save({ 'src/app.rs': rust('hello 3') });
    await release();
    await served(project, dev, 'hello 3');
    await waitUntil(
      'its wasm',
      async () => (await wasmOf(project)).includes('hello 3'),
      () => dev.story(),
    );
  });
});

describe('both sides come together', () => {
  it.each([
    ['with --order together', ['--order', 'together']],
    ['without the proxy', ['--no-proxy']],
  ])('%s', async (_, args) => {
    const [project, dev] = await started(args);
    const release = await project.hold('front');
    const from = dev.mark();
    await project.save({ 'src/app.rs': rust('hello 2') });
    await dev.next('build-finished', from, ({ side }) => side === 'server');
    expect((await project.page()).sources).toContain('hello 1');
    await release();
    expect(await dev.next('reloaded', from)).not.toHaveProperty('contentOnly');
    expect(await project.wasm()).toContain('hello 2');
  });

  it('without the gate, which is told', async () => {
    const [, dev] = await started(['--no-gate']);
    expect(dev.all('notice').map(({ message }) => message)).toContain(
      '--order content has no effect: it needs the gate',
    );
  });
});

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { BrowserPage, findBrowser } from '../../src/bench/browser.js';
import { processesWith } from '../../src/build/process-tree.js';
import { tempDir } from '../support/temp-dir.js';
import { waitUntil } from '../support/wait-until.js';

/** A site whose page shows what the test says: the text by itself, the style after a reload. */
async function site() {
  const now = { text: 'edit 0.', style: 'style 0.' };
  const server = createServer(({ url }, response) => {
    if (url === '/now') return response.end(now.text);
    response.setHeader('content-type', 'text/html');
    return response.end(`<!DOCTYPE html><style>:root { --bench-edit: "${now.style}"; }</style><p title="">…</p><script>
      setInterval(async () => {
        const text = await (await fetch('/now')).text();
        if (text === 'reload') location.reload();
        else document.querySelector('p').title = text;
      }, 30);
    </script>`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { now, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
}

describe('the browser of bench', () => {
  it('tells when a text and a style were painted, also after a reload, and leaves nothing behind', async () => {
    const { now, url } = await site();
    const program = await findBrowser(process.env);
    if (!program.ok) throw new Error(program.error.message);
    const profile = join(await tempDir(), 'profile');
    const page = await BrowserPage.open(program.value, profile, url, { ...process.env, LF_TEST_PROFILE: profile });
    onTestFinished(() => page.close());

    const before = Date.now();
    await page.want('edit 1.');
    expect(page.paintedAt('edit 1.')).toBeNull();
    now.text = 'edit 1.';
    const painted = await waitUntil('the edit', () => page.paintedAt('edit 1.'));
    expect(painted).toBeGreaterThanOrEqual(before);

    now.style = 'style 1.';
    await page.want('style 1.');
    now.text = 'reload';
    await waitUntil('the style', () => page.paintedAt('style 1.'));

    await page.close();
    expect(await processesWith(`LF_TEST_PROFILE=${profile}`)).toEqual([]);
  });

  it('says when there is none', async () => {
    expect(await findBrowser({ PATH: '/nowhere' })).toMatchObject({ ok: false, error: { code: 'LF060' } });
    const nowhere = BrowserPage.open('/nowhere/chromium', join(await tempDir(), 'profile'), 'http://127.0.0.1:9/', {});
    await expect(nowhere).rejects.toThrow('the browser did not start');
  });
});

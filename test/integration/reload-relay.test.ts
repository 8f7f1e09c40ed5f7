import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { ReloadRelay } from '../../src/serve/reload-relay.js';
import { freePort } from '../support/free-port.js';

let relay: ReloadRelay;
let port: number;

beforeEach(async () => {
  port = await freePort();
  relay = new ReloadRelay({ host: '127.0.0.1', port, stylesheet: 'pkg/app.css' });
  await relay.listen();
  onTestFinished(() => relay.close());
});

/** An open tab, and the messages that it gets. */
async function tab(headers: Record<string, string> = {}): Promise<{ next: () => Promise<unknown>; socket: WebSocket }> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/live_reload`, { headers });
  await new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  return {
    socket,
    next: () => new Promise((resolve) => socket.once('message', (data) => resolve(JSON.parse(String(data))))),
  };
}

describe('the live-reload relay', () => {
  it('tells every open tab to load the page', async () => {
    const tabs = [await tab(), await tab()];
    const messages = Promise.all(tabs.map(({ next }) => next()));
    relay.reload();
    const all = { css: null, view: null, all: true };
    expect(await messages).toEqual([all, all]);
  });

  it('names the stylesheet that is to be loaded anew', async () => {
    const { next } = await tab();
    const message = next();
    relay.swapStylesheet();
    expect(await message).toEqual({ css: 'pkg/app.css', view: null, all: false });
  });

  it('lets a page of its own host in, on whatever port', async () => {
    const { socket } = await tab({ origin: 'http://127.0.0.1:3000' });
    expect(socket.readyState).toBe(WebSocket.OPEN);
  });

  it('keeps pages of other hosts out', async () => {
    await expect(tab({ origin: 'http://evil.example' })).rejects.toThrow('401');
    await expect(tab({ origin: 'null' })).rejects.toThrow('401');
  });

  it('says that the port is taken', async () => {
    const second = new ReloadRelay({ host: '127.0.0.1', port, stylesheet: '' });
    await expect(second.listen()).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});

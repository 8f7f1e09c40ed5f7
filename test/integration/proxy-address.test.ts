import type { ServerResponse } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { deferred } from '../../src/core/deferred.js';
import { freePort, takePort } from '../support/free-port.js';
import { waitUntil } from '../support/wait-until.js';
import { App, HOST, send, startRig, wire } from './proxy-support.js';

describe('another address to listen on', () => {
  it('is taken first, then the old one is given up', async () => {
    const rig = await startRig();
    await rig.startApp((_incoming, response) => response.end('the app'));
    const port = await freePort();
    await rig.proxy.listenOn({ host: HOST, port });
    expect((await send(port)).body.toString()).toBe('the app');
    await expect(send(rig.port)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('leaves what was asked on the old one to its end', async () => {
    const rig = await startRig();
    const answering = deferred<ServerResponse>();
    await rig.startApp((incoming, response) => {
      if (incoming.url === '/kept') response.end('kept');
      else answering.resolve(response);
    });
    const [busy, idle] = [await wire(rig.port), await wire(rig.port)];
    idle.write('GET /kept HTTP/1.1\r\nHost: a\r\n\r\n');
    await idle.until('kept');
    busy.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    const response = await answering.promise;
    response.write('first');
    await busy.until('first');
    await rig.proxy.listenOn({ host: HOST, port: await freePort() });
    await waitUntil('the end of the idle one', () => idle.hasEnded || idle.socket.destroyed);
    expect(busy.hasEnded).toBe(false);
    response.end('second');
    await busy.until('second');
    await waitUntil('the end of the busy one', () => busy.hasEnded);
    expect(busy.received).toMatch(/0\r\n\r\n$/);
  });

  it('that is taken already leaves everything as it was', async () => {
    const rig = await startRig();
    await rig.startApp((_incoming, response) => response.end('the app'));
    const port = await takePort();
    await expect(rig.proxy.listenOn({ host: HOST, port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    expect((await send(rig.port)).body.toString()).toBe('the app');
  });

  it('may be the same port on all addresses, and back', async () => {
    const rig = await startRig();
    await rig.startApp((_incoming, response) => response.end('the app'));
    for (const host of ['0.0.0.0', HOST, HOST]) {
      await rig.proxy.listenOn({ host, port: rig.port });
      expect((await send(rig.port)).body.toString()).toBe('the app');
    }
  });

  it('on the same port that cannot be had brings the old one back', async () => {
    const rig = await startRig();
    await rig.startApp((_incoming, response) => response.end('the app'));
    // An address of no machine.
    const nowhere = { host: '192.0.2.1', port: rig.port };
    await expect(rig.proxy.listenOn(nowhere)).rejects.toMatchObject({ code: 'EADDRNOTAVAIL' });
    expect((await send(rig.port)).body.toString()).toBe('the app');
  });

  it('may come after close', async () => {
    const rig = await startRig();
    await rig.startApp((_incoming, response) => response.end('the app'));
    await rig.proxy.close();
    await rig.proxy.listenOn({ host: HOST, port: rig.port });
    expect((await send(rig.port)).body.toString()).toBe('the app');
  });

  it('is closed with the old one that still answers', async () => {
    const rig = await startRig();
    const app = await rig.startApp((_incoming, response) => void response.write('part'));
    const client = await wire(rig.port);
    client.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    await client.until('part');
    const port = await freePort();
    await rig.proxy.listenOn({ host: HOST, port });
    await rig.proxy.close();
    await waitUntil('the end', () => client.hasEnded || client.socket.destroyed);
    await waitUntil('no connection', () => app.sockets.size === 0);
    await expect(send(port)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });
});

describe('another address of the app', () => {
  it('is where requests go, also those that wait for it', async () => {
    const rig = await startRig();
    const waiting = [send(rig.port), send(rig.port)];
    await waitUntil('held requests', () => rig.clock.held === 2);
    const port = await freePort();
    rig.proxy.moveApp({ host: HOST, port });
    const app = await new App((_incoming, response) => response.end('moved')).listen(port);
    onTestFinished(() => app.kill());
    for (const answer of await Promise.all(waiting)) expect(answer.body.toString()).toBe('moved');
    expect((await send(rig.port)).body.toString()).toBe('moved');
    expect(rig.clock.pending).toBe(0);
  });

  it('does not interrupt what the old one answers', async () => {
    const rig = await startRig();
    const answering = deferred<ServerResponse>();
    await rig.startApp((_incoming, response) => answering.resolve(response));
    const answer = send(rig.port);
    const response = await answering.promise;
    rig.proxy.moveApp({ host: HOST, port: await freePort() });
    response.end('old');
    expect((await answer).body.toString()).toBe('old');
  });
});

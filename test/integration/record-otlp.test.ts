import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { TraceExporter } from '../../src/record/otlp/trace-exporter.js';
import { startDev } from '../support/dev-run.js';
import { fakeProject, rust } from '../support/fake-project.js';
import { freePort } from '../support/free-port.js';
import { ManualClock } from '../support/manual-clock.js';
import { waitUntil } from '../support/wait-until.js';
import { record } from '../unit/record-support.js';

interface Received {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: {
    resourceSpans: {
      resource: { attributes: { key: string; value: { stringValue: string } }[] };
      scopeSpans: { spans: { name: string; traceId: string; parentSpanId?: string }[] }[];
    }[];
  };
}

/** A collector that answers as the test says; without an answer it says nothing at all. */
class Collector {
  readonly received: Received[] = [];
  readonly answers: (number | 'none')[] = [];
  url = '';

  static async start(): Promise<Collector> {
    const collector = new Collector();
    const server = createServer((request, response) => void collector.#take(request, response));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    onTestFinished(() => {
      server.close();
      server.closeAllConnections();
    });
    collector.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return collector;
  }

  get names(): readonly (readonly string[])[] {
    return this.received.map(({ body }) => this.spansOf(body).map(({ name }) => name));
  }

  spansOf(body: Received['body']) {
    return body.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans));
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = JSON.parse(Buffer.concat(chunks).toString()) as Received['body'];
    this.received.push({ path: request.url ?? '', headers: request.headers, body });
    const answer = this.answers.shift() ?? 200;
    if (answer !== 'none') response.writeHead(answer, { 'content-type': 'application/json' }).end('{}');
  }
}

function exporter(url: string) {
  const troubles: string[] = [];
  const clock = new ManualClock();
  const settings = { url, headers: { 'x-key': 'k' }, timeoutMs: 5_000, resource: { 'service.name': 'leptos-fast' } };
  return { clock, troubles, traces: new TraceExporter({ settings, clock, onTrouble: (what) => troubles.push(what) }) };
}

describe('the exporter of traces', () => {
  it('sends a batch with its headers', async () => {
    const collector = await Collector.start();
    const { traces, troubles } = exporter(`${collector.url}/v1/traces`);
    traces.add(record());
    await waitUntil('a request', () => collector.received.length > 0);
    await traces.close();
    expect(collector.received).toMatchObject([
      { path: '/v1/traces', headers: { 'content-type': 'application/json', 'x-key': 'k' } },
    ]);
    expect(collector.names).toEqual([['save', 'settle', 'front', 'server']]);
    expect(troubles).toEqual([]);
  });

  it('tries again after a pause where it may help, and says once that something is wrong', async () => {
    const collector = await Collector.start();
    collector.answers.push(503, 503);
    const { traces, troubles, clock } = exporter(collector.url);
    traces.add(record());
    await waitUntil('the first request', () => collector.received.length === 1);
    await waitUntil('the pause', () => clock.pending === 1);
    traces.add(record());
    await clock.advance(1_000);
    await waitUntil('the second request', () => collector.received.length === 2);
    await waitUntil('the pause', () => clock.pending === 1);
    await clock.advance(2_000);
    await waitUntil('the third request', () => collector.received.length === 3);
    await traces.close();
    expect(collector.names.map((names) => names.filter((name) => name === 'save').length)).toEqual([1, 2, 2]);
    expect(troubles).toEqual([expect.stringContaining('it answers 503')]);
  });

  it('drops what is refused', async () => {
    const collector = await Collector.start();
    collector.answers.push(400);
    const { traces, troubles, clock } = exporter(collector.url);
    traces.add(record());
    await waitUntil('the trouble', () => troubles.length === 1);
    await traces.close();
    expect(collector.received).toHaveLength(1);
    expect(clock.pending).toBe(0);
  });

  it('keeps a hundred batches for an endpoint that is not there, and lets go of the oldest', async () => {
    const port = await freePort();
    const { traces, troubles, clock } = exporter(`http://127.0.0.1:${port}/?token=secret`);
    for (let id = 0; id < 150; id++) traces.add(record({ id }));
    await waitUntil('the pause', () => clock.pending === 1);
    expect(troubles).toHaveLength(1);
    expect(troubles[0]).not.toContain('secret');
    await traces.close();
    expect(clock.pending).toBe(0);
  });

  it('does not wait for one that never answers', async () => {
    const collector = await Collector.start();
    collector.answers.push('none', 'none');
    const { traces } = exporter(collector.url);
    traces.add(record());
    await waitUntil('the request', () => collector.received.length === 1);
    await traces.close();
    traces.add(record());
    expect(collector.received).toHaveLength(1);
  });
});

describe('a run of dev', () => {
  it('sends a trace of each batch where an endpoint is configured', async () => {
    const collector = await Collector.start();
    const project = await fakeProject();
    const dev = await startDev(project, [], { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url }).ready();
    const from = dev.mark();
    await project.save({ 'src/app.rs': rust('hello 2') });
    await dev.next('reloaded', from);
    expect((await dev.stop()).code).toBe(0);
    const saves = collector.names.flat().filter((name) => name === 'save');
    expect(saves).toHaveLength(2);
    expect(collector.names.flat()).toEqual(
      expect.arrayContaining(['settle', 'front', 'server', 'wasm-bindgen', 'boot']),
    );
  });

  it('is not held up by one that is not there', async () => {
    const project = await fakeProject();
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${await freePort()}` };
    const dev = await startDev(project, [], env).ready();
    await dev.next('notice', 0, ({ message }) => message.startsWith('traces do not arrive'));
    expect((await dev.stop()).code).toBe(0);
    expect(dev.all('notice').filter(({ message }) => message.startsWith('traces'))).toHaveLength(1);
  });
});

import { describe, expect, it } from 'vitest';
import { batchSpans } from '../../src/record/otlp/batch-spans.js';
import { otlpSettings } from '../../src/record/otlp/otlp-settings.js';
import { record } from './record-support.js';

describe('where traces go', () => {
  it.each([
    ['nowhere without an endpoint', {}, null],
    ['nowhere with an empty one', { OTEL_EXPORTER_OTLP_ENDPOINT: ' ' }, null],
    ['nowhere when switched off', { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://a', OTEL_SDK_DISABLED: 'TRUE' }, null],
    ['nowhere when traces are', { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://a', OTEL_TRACES_EXPORTER: 'none' }, null],
    ['to the path of traces', { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://a:4318/' }, 'http://a:4318/v1/traces'],
    ['below a path', { OTEL_EXPORTER_OTLP_ENDPOINT: 'https://a/otlp' }, 'https://a/otlp/v1/traces'],
    [
      'to an endpoint of their own as it is',
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://a', OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://b/x' },
      'http://b/x',
    ],
  ])('%s', (_what, env, url) => {
    const settings = otlpSettings(env);
    expect(settings.ok && (settings.value?.url ?? null)).toBe(url);
  });

  it.each([
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'localhost:4317' }, /no http or https address/],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'not one' }, /no http or https address/],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://a', OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }, /grpc/],
  ])('says what cannot be used: %o', (env, message) => {
    expect(otlpSettings(env)).toMatchObject({ ok: false, error: expect.stringMatching(message) });
  });

  it('with a name and a password makes them a header', () => {
    const settings = otlpSettings({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://me:p%40ss@a/x' });
    expect(settings).toMatchObject({
      value: { url: 'https://a/x', headers: { authorization: `Basic ${Buffer.from('me:p@ss').toString('base64')}` } },
    });
  });

  it('takes headers, time limit and names from the variables, those of traces first', () => {
    const settings = otlpSettings({
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://a',
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20x=y, a=1,broken',
      OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'a=2',
      OTEL_EXPORTER_OTLP_TIMEOUT: '9',
      OTEL_EXPORTER_OTLP_TRACES_TIMEOUT: '50',
      OTEL_SERVICE_NAME: 'mine',
      OTEL_RESOURCE_ATTRIBUTES: 'service.name=other,team=web',
    });
    expect(settings).toMatchObject({
      value: {
        headers: { authorization: 'Bearer x=y', a: '2' },
        timeoutMs: 50,
        resource: { 'service.name': 'mine', team: 'web' },
      },
    });
  });
});

describe('the spans of a batch', () => {
  it('are a tree: the save, its phases, the page', () => {
    const [root, ...rest] = batchSpans(
      record({
        at: 1_700_000_000_123,
        paintedMs: 2_400,
        steps: [{ name: 'app', kind: 'link', ms: 300, side: 'server' }],
      }),
    );
    expect(root).toMatchObject({
      name: 'save',
      kind: 1,
      startTimeUnixNano: '1700000000123000000',
      endTimeUnixNano: '1700000002523000000',
    });
    expect(root?.traceId).toMatch(/^[0-9a-f]{32}$/);
    expect(root).not.toHaveProperty('parentSpanId');
    expect(rest.map(({ name }) => name)).toEqual(['settle', 'front', 'server', 'page']);
    const spanIds = new Set([root, ...rest].map((span) => span?.spanId));
    expect(spanIds.size).toBe(5);
    for (const span of rest) {
      expect(span).toMatchObject({ traceId: root?.traceId, parentSpanId: root?.spanId });
      expect(span.spanId).toMatch(/^[0-9a-f]{16}$/);
      expect(BigInt(span.startTimeUnixNano)).toBeGreaterThanOrEqual(BigInt(root?.startTimeUnixNano ?? 0));
      expect(BigInt(span.endTimeUnixNano)).toBeLessThanOrEqual(BigInt(root?.endTimeUnixNano ?? 0));
    }
    expect(rest[2]?.attributes).toContainEqual({
      key: 'leptos_fast.steps',
      value: { arrayValue: { values: [{ stringValue: 'link app 300 ms' }] } },
    });
    expect(root?.attributes).toContainEqual({ key: 'leptos_fast.batch', value: { intValue: '1' } });
  });

  it('of one that failed say so', () => {
    const {
      contentMs: _,
      reload: __,
      ...failed
    } = record({ result: 'failed', errors: { count: 2, codes: ['E0308'] } });
    const [root, ...rest] = batchSpans(failed);
    expect(root?.status).toEqual({ code: 2, message: '2 errors: E0308' });
    expect(rest.map(({ name }) => name)).not.toContain('page');
  });
});

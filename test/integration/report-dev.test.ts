import { rm } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { BuildRecord } from '../../src/record/build-record.js';
import { JsonLinesStore } from '../../src/record/json-lines-store.js';
import { startDev } from '../support/dev-run.js';
import { type FakeProject, fakeProject, rust } from '../support/fake-project.js';
import { waitUntil } from '../support/wait-until.js';

const storeOf = (project: FakeProject) => new JsonLinesStore({ folder: project.path('target/leptos-fast/history') });

/** The record of a batch once it is written. */
function recordOf(project: FakeProject, id: number): Promise<BuildRecord> {
  return waitUntil(`the record of batch ${id}`, async () =>
    (await storeOf(project).read()).builds.find((build) => build.id === id),
  );
}

describe('a run of dev', () => {
  it('leaves a record of the first build, of an edit and of an error', async () => {
    const project = await fakeProject();
    const dev = await startDev(project).ready();
    const from = dev.mark();
    await project.save({ 'src/app.rs': rust('hello 2') });
    const batch = await dev.next('change-batch', from);
    const reloaded = await dev.next('reloaded', from, (event) => event.batch === batch.id);
    expect((await dev.stop()).code).toBe(0);
    const { builds, unreadable } = await storeOf(project).read();
    expect(unreadable).toBe(0);
    expect(builds.map(({ id, result }) => [id, result])).toEqual([
      [0, 'arrived'],
      [batch.id, 'arrived'],
    ]);
    const [first, edit] = builds;
    expect(first).toMatchObject({ why: 'first build', contentMs: dev.all('ready')[0]?.startupMs });
    expect(edit).toMatchObject({
      session: batch.session,
      project: 'app',
      files: { count: 1, first: ['src/app.rs'] },
      why: 'Rust source',
      sides: { front: { result: 'built' }, server: { result: 'built' } },
      contentMs: reloaded.ms,
    });
    const names = edit?.phases.map(({ name }) => name);
    expect(names?.[0]).toBe('settle');
    expect(new Set(names)).toEqual(new Set(['settle', 'front', 'server', 'wasm-bindgen', 'boot']));
    for (const { from: begin, to } of edit?.phases ?? []) {
      expect(begin).toBeGreaterThanOrEqual(0);
      expect(to).toBeGreaterThanOrEqual(begin);
      expect(to).toBeLessThanOrEqual(reloaded.ms);
    }
    expect(edit?.peakRss).toBeGreaterThan(10_000_000);
    expect(edit?.versions.cargoLeptos).toMatch(/^\d+\.\d+/);
  });

  it('tells a save that another one overtook from one that arrived', async () => {
    const project = await fakeProject();
    const dev = await startDev(project).ready();
    const release = await project.hold('front');
    await project.save({ 'src/app.rs': rust('hello 2') });
    await project.buildBegun('front', 2);
    const from = dev.mark();
    await project.save({ 'src/app.rs': rust('hello 3') });
    await dev.next('build-stopped', from);
    await release();
    await dev.next('reloaded', from, ({ batch }) => batch === 2);
    await dev.stop();
    expect(await recordOf(project, 1)).toMatchObject({ result: 'superseded', sides: { front: { result: 'stopped' } } });
    expect(await recordOf(project, 2)).toMatchObject({ result: 'arrived' });
  });

  it('goes on recording after cargo clean', async () => {
    const project = await fakeProject();
    const dev = await startDev(project).ready();
    await recordOf(project, 0);
    const from = dev.mark();
    await rm(project.path('target'), { recursive: true, maxRetries: 5 });
    await dev.next('recovery', from, ({ kind }) => kind === 'clean');
    await waitUntil('the incident', async () =>
      (await storeOf(project).read()).incidents.find(({ kind }) => kind === 'clean'),
    );
    await dev.stop();
  });

  it('tells its figures to Prometheus', async () => {
    const project = await fakeProject();
    const dev = await startDev(project).ready();
    const response = await fetch(`http://127.0.0.1:${project.sitePort}/__leptos_fast/metrics`);
    expect(response.headers.get('content-type')).toMatch(/^application\/openmetrics-text; version=1\.0\.0/);
    const text = await response.text();
    expect(text).toContain('leptos_fast_batches_total{kind="first build",result="arrived"} 1\n');
    expect(text).toMatch(/\n# EOF\n$/);
    const posted = await fetch(`http://127.0.0.1:${project.sitePort}/__leptos_fast/metrics`, { method: 'POST' });
    expect(posted.status).toBe(405);
    await dev.stop();
  });
});

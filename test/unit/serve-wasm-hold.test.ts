import { beforeEach, describe, expect, it } from 'vitest';
import { isOfWasm, WasmHold } from '../../src/serve/wasm-hold.js';
import { flush } from '../support/manual-clock.js';

let hold: WasmHold;

beforeEach(() => {
  hold = new WasmHold();
});

/** A request; `admission` is null while it waits. */
function ask(): { admission: string | null; readonly leave: () => void } {
  const gone = new AbortController();
  const asked = { admission: null as string | null, leave: () => gone.abort() };
  void hold.admit(gone.signal).then((admission) => {
    asked.admission = admission;
  });
  return asked;
}

describe('a request for the wasm', () => {
  it('passes while the wasm fits the server', async () => {
    const asked = ask();
    await flush();
    expect(asked.admission).toBe('pass');
  });

  it('of a page of the new server waits until the wasm fits', async () => {
    hold.onWasm('replaced');
    const asked = ask();
    await flush();
    expect([asked.admission, hold.waiting]).toEqual([null, 1]);
    hold.onWasm('fits');
    await flush();
    expect([asked.admission, hold.waiting]).toEqual(['pass', 0]);
  });

  it('of a page whose server is replaced while it waits is refused, later ones wait', async () => {
    hold.onWasm('replaced');
    const before = ask();
    hold.onWasm('replaced');
    const after = ask();
    await flush();
    expect([before.admission, after.admission]).toEqual(['refuse', null]);
  });

  it('is refused when the wasm does not compile, waiting or not', async () => {
    hold.onWasm('replaced');
    const before = ask();
    hold.onWasm('failed');
    const after = ask();
    await flush();
    expect([before.admission, after.admission]).toEqual(['refuse', 'refuse']);
  });

  it('waits again when the wasm that did not compile is built once more', async () => {
    hold.onWasm('replaced');
    hold.onWasm('failed');
    hold.onWasm('building');
    const asked = ask();
    await flush();
    expect(asked.admission).toBeNull();
  });

  it('goes on waiting when its wasm is begun again', async () => {
    hold.onWasm('replaced');
    const asked = ask();
    hold.onWasm('building');
    await flush();
    expect(asked.admission).toBeNull();
  });

  it('of a browser that has left waits no more', async () => {
    hold.onWasm('replaced');
    const asked = ask();
    asked.leave();
    await flush();
    expect([asked.admission, hold.waiting]).toEqual(['refuse', 0]);
  });
});

describe('of the wasm', () => {
  it.each(['/pkg/app.wasm', '/pkg/app.js', '/pkg/snippets/x-1/inline0.js', '/pkg/chunk.mjs'])('is %s', (path) => {
    expect(isOfWasm(path, '/pkg/')).toBe(true);
  });

  it.each(['/pkg/app.css', '/app.js', '/pkgs/app.wasm', '/pkg/logo.svg'])('is not %s', (path) => {
    expect(isOfWasm(path, '/pkg/')).toBe(false);
  });
});

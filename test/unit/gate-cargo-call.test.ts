import { describe, expect, it } from 'vitest';
import { recogniseCall } from '../../src/gate/cargo-call.js';
import { model, packageIn, singleCrate } from '../support/leptos-model.js';

const call = (line: string, { project } = singleCrate('/p')) => recogniseCall(line.split(' '), project);

/** As cargo-leptos 0.3.11 calls cargo. */
const FRONT =
  'build --package=app --lib --target-dir=/p/target/front --target=wasm32-unknown-unknown --no-default-features';
const SERVER = 'build --package=app --bin=app --no-default-features --features=ssr';

describe("cargo-leptos's call of cargo", () => {
  it('for the wasm is the front', () => {
    expect(call(FRONT)).toEqual({ kind: 'build', side: 'front' });
  });

  it('for the binary is the server', () => {
    expect(call(SERVER)).toEqual({ kind: 'build', side: 'server' });
  });

  it('for the metadata is that', () => {
    expect(call('metadata --format-version 1')).toEqual({ kind: 'metadata' });
  });

  it('for another package is none of ours', () => {
    expect(call('build --package=other --bin=other')).toEqual({ kind: 'other' });
  });

  it.each(['test --package=app', 'check', '--version', ''])('"%s" is none of ours', (line) => {
    expect(call(line)).toEqual({ kind: 'other' });
  });

  it('in a workspace tells the sides by their packages', () => {
    const workspace = model({ root: '/w', front: [packageIn('/w/f', 'front')], server: [packageIn('/w/s', 'server')] });
    expect(call(FRONT.replace('=app', '=front'), workspace)).toEqual({ kind: 'build', side: 'front' });
    expect(call(SERVER.replace('=app', '=server'), workspace)).toEqual({ kind: 'build', side: 'server' });
    expect(call(FRONT.replace('=app', '=server'), workspace)).toEqual({ kind: 'build', side: 'server' });
  });
});

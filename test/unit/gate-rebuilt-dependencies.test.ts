import { describe, expect, it } from 'vitest';
import { RebuiltDependencies } from '../../src/gate/rebuilt-dependencies.js';

describe("cargo's own reasons", () => {
  it('are told once, for what nobody edits and what did not merely follow', () => {
    const told: string[] = [];
    const rebuilt = new RebuiltDependencies(0, (reason) => told.push(reason));
    const env = 'the env variable OPENSSL_DIR changed';
    rebuilt.onDirty({ name: 'app', isLocal: true, reason: 'the file `src/app.rs` has changed' });
    rebuilt.onDirty({ name: 'openssl', isLocal: false, reason: 'the dependency openssl_sys was rebuilt' });
    rebuilt.onDirty({ name: 'openssl-sys', isLocal: false, reason: env });
    rebuilt.onDirty({ name: 'other-sys', isLocal: false, reason: env });
    expect(told).toEqual([`dependencies are compiled again (openssl-sys and what needs it): ${env}`]);
  });
});

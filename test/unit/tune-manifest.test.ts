import { describe, expect, it } from 'vitest';
import { editManifest, presetFromManifest, removeFromManifest } from '../../src/project/manifest-edit.js';
import type { Preset, PresetEntry } from '../../src/project/preset.js';
import { TUNED_NAME } from '../../src/project/preset-names.js';
import { withEntries } from '../../src/tune/tuned-manifest.js';
import { init, LOCKED, presetNamed, unwrap, zoo } from './manifest-support.js';

const WINNERS: readonly PresetEntry[] = [
  { path: ['debug'], value: 'line-tables-only' },
  { path: ['split-debuginfo'], value: 'unpacked' },
  { path: ['strip'], value: 'symbols' },
  { path: ['package', 'syn', 'opt-level'], value: 3 },
  { path: ['package', 'quote', 'codegen-units'], value: 16 },
  { path: ['package', '*', 'debug'], value: false },
];
const TUNED: Preset = { name: TUNED_NAME, entries: withEntries(presetNamed('balanced').entries, WINNERS) };

const tune = (text: string) =>
  unwrap(
    editManifest(text, 'Cargo.toml', {
      preset: TUNED,
      lockedCrates: LOCKED,
      knownPresets: [TUNED],
      overrideUser: true,
    }),
  ).text;

/** `tune` refuses what `init` refuses: manifests that cannot be edited in whole lines. */
const editable = zoo.filter(({ text }) => {
  const request = { preset: TUNED, lockedCrates: LOCKED, knownPresets: [TUNED], overrideUser: true };
  return editManifest(text, 'Cargo.toml', request).ok;
});

describe('what tune writes into a manifest', () => {
  it('is tried on many of them', () => {
    expect(editable.length).toBeGreaterThan(10);
  });

  it.each(editable)('can be taken out byte for byte: $name', ({ text }) => {
    const tuned = tune(text);
    expect(tuned).toContain('strip = "symbols"');
    expect(unwrap(removeFromManifest(tuned, ''))).toBe(text);
  });

  it.each(editable)('stays as it is when it is written once more, and is found again: $name', ({ text }) => {
    const tuned = tune(text);
    expect(tune(tuned)).toBe(tuned);
    const found = unwrap(presetFromManifest(tuned, ''));
    expect(found?.isTuned).toBe(true);
    expect(found?.preset.entries).toContainEqual({ path: ['strip'], value: 'symbols' });
  });

  it('takes the place of a preset, and gives it the place again', () => {
    const before = '[package]\nname = "app"\n\n[package.metadata.leptos]\noutput-name = "app"\n';
    const tuned = tune(init(before, 'balanced').text);
    expect(tuned).toContain('# leptos-fast: tuned preset');
    const back = editManifest(tuned, '', {
      preset: presetNamed('balanced'),
      lockedCrates: LOCKED,
      knownPresets: [TUNED, presetNamed('balanced')],
      overrideUser: false,
    });
    expect(unwrap(back).text).toBe(init(before, 'balanced').text);
  });

  it('is not found in a manifest of a preset', () => {
    const found = unwrap(presetFromManifest(init('[package.metadata.leptos]\n', 'balanced').text, ''));
    expect(found?.isTuned).toBe(false);
    expect(unwrap(presetFromManifest('[package]\n', ''))).toBeUndefined();
  });
});

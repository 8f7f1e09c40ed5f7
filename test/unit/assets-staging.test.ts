import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { stageAssets, unfitLinks } from '../../src/assets/staging.js';

let root: string;
let assets: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'lf-assets-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  assets = join(root, 'public');
  mkdirSync(join(assets, 'img'), { recursive: true });
  writeFileSync(join(assets, 'logo.svg'), '<svg/>');
  writeFileSync(join(assets, 'img/photo.jpg'), 'photo');
});

describe('assets that cargo-leptos cannot copy', () => {
  it('are none among plain files, folders and links to files', () => {
    symlinkSync('logo.svg', join(assets, 'linked.svg'));
    expect(unfitLinks(assets)).toEqual([]);
  });

  it('are links that lead nowhere or to a folder, however deep', () => {
    symlinkSync('nothing', join(assets, 'img/gone.png'));
    symlinkSync('img', join(assets, 'pictures'));
    expect([...unfitLinks(assets)].sort()).toEqual([join('img', 'gone.png'), 'pictures']);
  });

  it('are none in a folder that is not there', () => {
    expect(unfitLinks(join(root, 'nowhere'))).toEqual([]);
  });
});

describe('a staged copy', () => {
  it('has every file, what linked folders hold, and no dangling link', () => {
    mkdirSync(join(root, 'elsewhere'));
    writeFileSync(join(root, 'elsewhere/font.woff2'), 'font');
    symlinkSync('nothing', join(assets, 'gone.png'));
    symlinkSync(join(root, 'elsewhere'), join(assets, 'fonts'));
    stageAssets(assets, join(root, 'staging'));
    expect(readdirSync(join(root, 'staging'), { recursive: true }).map(String).sort()).toEqual(
      ['fonts', join('fonts', 'font.woff2'), 'img', join('img', 'photo.jpg'), 'logo.svg'].sort(),
    );
    expect(readFileSync(join(root, 'staging/fonts/font.woff2'), 'utf8')).toBe('font');
  });

  it('leaves out a link to a folder around the assets, which would never end', () => {
    symlinkSync(root, join(assets, 'up'));
    stageAssets(assets, join(root, 'staging'));
    expect(readdirSync(join(root, 'staging')).sort()).toEqual(['img', 'logo.svg']);
  });

  it('is made anew: what was deleted is gone', () => {
    stageAssets(assets, join(root, 'staging'));
    rmSync(join(assets, 'logo.svg'));
    stageAssets(assets, join(root, 'staging'));
    expect(readdirSync(join(root, 'staging'))).toEqual(['img']);
  });
});

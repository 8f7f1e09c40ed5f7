import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { copyApp } from '../../src/tune/app-copy.js';
import { findEditPlace } from '../../src/tune/edit-place.js';
import { model, packageIn, singleCrate } from '../support/leptos-model.js';
import { tempDir, writeFiles } from '../support/temp-dir.js';

const VIEW = (text: string) => `fn page() -> impl IntoView {\n    view! { <p>"${text}"</p> }\n}\n`;

async function placeFor(files: Readonly<Record<string, string>>) {
  const dir = await tempDir('app');
  await writeFiles(dir, files);
  const { workspace, project } = singleCrate(dir);
  const copy = await copyApp(workspace, project, await tempDir('copy'));
  const place = await findEditPlace(project, copy);
  return { dir, copy, place, text: (name: string) => readFile(join(copy.root, name), 'utf8') };
}

describe('the place of the edits', () => {
  it('is a text of the file with the most views, and each edit another text', async () => {
    const { place, text, dir } = await placeFor({
      'src/lib.rs': VIEW('Hello'),
      'src/pages.rs': VIEW('first') + VIEW('second'),
    });
    expect(place?.what).toBe('a text in view! of src/pages.rs:2');
    await place?.make(1);
    expect(await text('src/pages.rs')).toBe(VIEW('first 1') + VIEW('second'));
    await place?.make(2);
    expect(await text('src/pages.rs')).toBe(VIEW('first 2') + VIEW('second'));
    expect(await readFile(join(dir, 'src/pages.rs'), 'utf8')).toBe(VIEW('first') + VIEW('second'));
  });

  it('is no text that stands in the file more than once, and none that is hardly one', async () => {
    const { place } = await placeFor({
      'src/lib.rs': `const A: &str = "Hello";\n${VIEW('Hello')}${VIEW('→')}${VIEW('Once')}`,
    });
    expect(place?.what).toBe('a text in view! of src/lib.rs:9');
  });

  it('is a function where there is no text', async () => {
    const { place, text } = await placeFor({ 'src/lib.rs': 'pub mod app;\n', 'src/app.rs': 'fn f() {}\n' });
    expect(place?.what).toBe('a function at the end of src/lib.rs');
    await place?.make(3);
    expect(await text('src/lib.rs')).toContain('pub fn leptos_fast_tune() -> u32 {\n    3\n}');
  });

  it('is nowhere where there is no source', async () => {
    expect((await placeFor({ 'Cargo.toml': '' })).place).toBeNull();
  });

  it('lies in a crate that both sides have', async () => {
    const root = await tempDir('workspace');
    await writeFiles(root, {
      'front/src/lib.rs': VIEW('front alone') + VIEW('and more'),
      'shared/src/lib.rs': VIEW('on both sides'),
    });
    const [front, shared, server] = ['front', 'shared', 'server'].map((name) => packageIn(join(root, name), name));
    if (!front || !shared || !server) throw new Error('unreachable');
    const { workspace, project } = model({ root, front: [front, shared], server: [server, shared] });
    const place = await findEditPlace(project, await copyApp(workspace, project, await tempDir('copy')));
    expect(place?.what).toBe('a text in view! of shared/src/lib.rs:2');
  });
});

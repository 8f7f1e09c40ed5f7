import { expect, it, vi } from 'vitest';
import { Parser } from 'web-tree-sitter';
import { RustOutliner } from '../../src/plan/rust-outline.js';
import { RustSyntax } from '../../src/watch/rust-syntax.js';

it('starts web-tree-sitter once for all who parse Rust, also when they begin at the same time', async () => {
  const init = vi.spyOn(Parser, 'init');
  const [syntax, outliner] = await Promise.all([RustSyntax.load(), RustOutliner.load()]);
  expect(init).toHaveBeenCalledTimes(1);
  expect(syntax.check('fn a() {}')).toBeNull();
  expect(outliner.outline('fn a() {}')?.items.map(({ name }) => name)).toEqual(['a']);
});

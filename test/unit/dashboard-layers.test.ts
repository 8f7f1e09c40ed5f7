import { expect, it } from 'vitest';
import { layersOf } from '../../src/dashboard/page/layers.js';
import { crateFacts } from '../support/graph-facts.js';

const names = (...crates: Parameters<typeof layersOf>[0]): string[][] =>
  layersOf(crates).map((layer) => layer.map(({ name }) => name));

it('each crate stands above all that it needs', () => {
  expect(
    names(
      crateFacts('types'),
      crateFacts('app', { needs: ['types', 'ui'] }),
      crateFacts('ui', { needs: ['types'] }),
      crateFacts('front', { needs: ['app'] }),
      crateFacts('server', { needs: ['app', 'types'] }),
      crateFacts('tool'),
    ),
  ).toEqual([['front', 'server'], ['app'], ['ui'], ['types', 'tool']]);
});

it('what looks like a cycle, and a need that is not there, are no endless loop', () => {
  expect(
    names(crateFacts('a', { needs: ['b'] }), crateFacts('b', { needs: ['a', 'none'] }))
      .flat()
      .toSorted(),
  ).toEqual(['a', 'b']);
  expect(names()).toEqual([]);
});

import { expect, it } from 'vitest';
import { formatBytes } from '../../src/ui/bytes.js';

it.each([
  [0, '0 B'],
  [999, '999 B'],
  [999.6, '1 kB'],
  [1_000, '1 kB'],
  [14_250, '14.3 kB'],
  [913_400, '913 kB'],
  [999_600, '1 MB'],
  [3_980_000, '3.98 MB'],
  [640_000_000, '640 MB'],
  [24_700_000_000, '24.7 GB'],
  [7_500_000_000_000_000, '7500 TB'],
])('%i bytes are %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

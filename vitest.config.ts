import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts'], testTimeout: 30_000 } },
      // Integration tests start real cargo, npm or fake commands: processes and files, no Leptos build.
      {
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      // The script in the page, in a real Chromium, with a site that does what the test says.
      {
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      // `npm run memory` alone: a thousand saves in a project of 20,000 files.
      {
        test: {
          name: 'memory',
          include: ['test/memory/**/*.memory.ts'],
          testTimeout: 7_200_000,
          hookTimeout: 300_000,
          disableConsoleIntercept: true,
        },
      },
      // The e2e suite builds real Leptos apps, one heavy build at a time.
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts', 'test/scenarios/**/*.test.ts'],
          testTimeout: 900_000,
          hookTimeout: 2_400_000,
          fileParallelism: false,
        },
      },
    ],
  },
});

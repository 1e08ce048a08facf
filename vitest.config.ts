import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/browser/**', 'test/editors/**'],
          setupFiles: ['test/set-up.ts'],
          // A machine that is busy with other things is slow, not wrong: a property takes as long as it takes.
          testTimeout: 0,
          hookTimeout: 0,
        },
      },
      {
        test: {
          name: 'neovim',
          include: ['test/editors/**/*.test.ts'],
          // Another program may wait for ever.
          testTimeout: 600_000,
          hookTimeout: 600_000,
        },
      },
      {
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          globalSetup: ['test/browser/global-setup.ts'],
          // One editor at a time: each test file has a server and a Chromium of its own.
          fileParallelism: false,
          testTimeout: 600_000,
          hookTimeout: 600_000,
          expect: { poll: { timeout: 120_000, interval: 100 } },
        },
      },
    ],
  },
});

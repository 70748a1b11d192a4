import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{src,baselines,harness,reports,scripts}/**/*.test.ts', '.ci/**/*.test.ts'],
    setupFiles: ['.ci/test-setup.ts'],
    // Runs of real processes and simulations over many seeds; a test that needs longer says so itself.
    testTimeout: 90_000,
    // Two cores: more workers only make the tests that start processes slower.
    maxWorkers: 2,
  },
});

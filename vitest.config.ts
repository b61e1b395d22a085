import { defineConfig } from 'vitest/config';

/** Property tests take their number of runs from FC_NUM_RUNS; see `fast-check.setup.ts`. */
export default defineConfig({
  test: {
    include: ['packages/*/test/**/*.test.ts', 'examples/*/test/**/*.test.ts', '.ci/test/**/*.test.ts'],
    setupFiles: ['./fast-check.setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    reporters: process.env.TALLY_FILE ? ['default', ['json', { outputFile: process.env.TALLY_FILE }]] : ['default'],
    coverage: { include: ['packages/*/src/**'], reporter: ['text-summary', 'html'] },
  },
});

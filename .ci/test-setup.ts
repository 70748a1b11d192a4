import fc from 'fast-check';

/** Property tests draw the same examples in every run; QU_BENCH_SEED chooses others. fast-check prints the seed of a failure. */
fc.configureGlobal({ seed: Number(process.env['QU_BENCH_SEED'] ?? 1) });

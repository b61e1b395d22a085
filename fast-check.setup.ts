import fc from 'fast-check';

const runs = Number(process.env.FC_NUM_RUNS ?? 100);
if (!Number.isSafeInteger(runs) || runs < 1) throw new RangeError('FC_NUM_RUNS must be a positive integer');
fc.configureGlobal({ numRuns: runs, ...(process.env.FC_SEED ? { seed: Number(process.env.FC_SEED) } : {}) });

import fc from "fast-check";

/**
 * Property tests draw anew at each run on people's machines, and print the seed of what failed. For a change that is to
 * be judged (CI) everything is drawn from one seed: it passes or fails for what it changed. FAST_CHECK_SEED repeats a run.
 */
const seed = process.env.FAST_CHECK_SEED ?? (process.env.CI ? "20261129" : undefined);

if (seed !== undefined) fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(seed) });

/** For every property test, instead of the package itself. */
export { fc };

/** How many cases a property draws: fewer where the same tests run hundreds of times over (mutation testing). */
export function runs(numRuns: number): { numRuns: number } {
  return { numRuns: Math.min(numRuns, Number(process.env.FAST_CHECK_MOST_RUNS ?? numRuns)) };
}

/** Set to replay one schedule instead of running all. */
const REPLAYED = process.env['QU_BENCH_SEED'];
/** Set to run so many schedules in place of each test's own number. */
const COUNT = process.env['QU_BENCH_SEEDS'];

export const replaying = REPLAYED !== undefined;

/** The seeds 1 … `count`, or the one that is to be replayed. */
export function seedsUpTo(count: number): readonly number[] {
  if (REPLAYED !== undefined) return [Number(REPLAYED)];
  return Array.from({ length: seedsInPlaceOf(count) }, (_, index) => index + 1);
}

/** The time, in milliseconds, that a test of `count` seeds has, given what it has for its own number of them. */
export function timeoutFor(count: number, timeoutMs: number): number {
  return timeoutMs * Math.max(1, seedsInPlaceOf(count) / count);
}

function seedsInPlaceOf(count: number): number {
  if (COUNT === undefined) return count;
  const seeds = Number(COUNT);
  if (!Number.isSafeInteger(seeds) || seeds < 1) throw new Error(`QU_BENCH_SEEDS=${COUNT} is no number of seeds`);
  return seeds;
}

export function replayCommand(seed: number, title: string): string {
  return `QU_BENCH_SEED=${seed} npx vitest run harness/conformance -t '${title}'`;
}

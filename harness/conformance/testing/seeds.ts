/** Set to replay one schedule instead of running all. */
const REPLAYED = process.env['QU_BENCH_SEED'];

export const replaying = REPLAYED !== undefined;

/** The seeds 1 … `count`, or the one that is to be replayed. */
export function seedsUpTo(count: number): readonly number[] {
  return REPLAYED === undefined ? Array.from({ length: count }, (_, index) => index + 1) : [Number(REPLAYED)];
}

export function replayCommand(seed: number, title: string): string {
  return `QU_BENCH_SEED=${seed} npx vitest run harness/conformance -t '${title}'`;
}

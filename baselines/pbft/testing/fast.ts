/** Time-outs that are short against the delays of the tests' networks, so that schedules reach view changes and repairs soon. */
export const FAST_OPTIONS = {
  checkpointInterval: 8,
  logIntervals: 2,
  window: 8,
  retransmitUs: 20_000,
  viewChangeUs: 60_000,
  statusUs: 6_000,
  batchLimit: 4,
};

export function seeds(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => first + i);
}

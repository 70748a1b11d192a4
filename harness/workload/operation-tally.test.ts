import { expect, test } from 'vitest';
import { decodeHistogram } from './latency-histogram.ts';
import { OperationTally } from './operation-tally.ts';

const [ONE, OTHER] = [4_096, 4_097];

/** One operation after the other, each of 10 µs, of two clients in turn. */
function counting(tally: OperationTally, fromUs: number, untilUs: number): void {
  for (let atUs = fromUs; atUs < untilUs; atUs += 10) {
    const client = atUs % 20 === 0 ? ONE : OTHER;
    tally.invoked(client, atUs - 10);
    tally.completed(client, atUs - 10, atUs);
  }
}

test('operations are counted and timed by segments', () => {
  const tally = new OperationTally();
  tally.beginSegment(100);
  counting(tally, 50, 100);
  tally.beginSegment(200);
  counting(tally, 100, 120);
  tally.invoked(OTHER, 110);
  tally.beginSegment(300);
  tally.completed(OTHER, 110, 210.5);
  tally.invoked(ONE, 280);
  const unrecorded = tally.unrecorded();
  expect(unrecorded).toMatchObject({ cutUs: 40, incomplete: 1 });
  expect([...(unrecorded?.clients ?? [])].sort()).toEqual([ONE, OTHER]);
  expect(unrecorded?.segments).toMatchObject([
    { fromUs: Number.NEGATIVE_INFINITY, untilUs: 100, operations: 5, latencySumNs: 50_000, latencyMaxUs: 10 },
    { fromUs: 100, untilUs: 200, operations: 2, latencySumNs: 20_000, latencyMaxUs: 10 },
    { fromUs: 200, untilUs: 300, operations: 1, latencySumNs: 100_500, latencyMaxUs: 100.5 },
  ]);
  expect(unrecorded?.segments.map(({ served }) => [...served].sort())).toEqual([[ONE, OTHER], [ONE, OTHER], [OTHER]]);
  const [first, , last] = unrecorded?.segments.map(({ latencies }) => decodeHistogram(latencies)) ?? [];
  expect([first?.totalCount, last?.totalCount]).toEqual([5, 1]);
  expect(last?.maxValue).toBeCloseTo(100_500, -2);
});

test('what ends after its segment, though time has not come there, counts for the later one, whichever that is', () => {
  const tally = new OperationTally();
  tally.beginSegment(100);
  counting(tally, 100, 330);
  expect(tally.unrecorded()?.segments).toMatchObject([{ fromUs: 100, operations: 23 }]);
  const other = new OperationTally();
  other.beginSegment(100);
  counting(other, 100, 330);
  other.beginSegment(200);
  other.beginSegment(300);
  other.beginSegment(400);
  expect(other.unrecorded()?.segments.map(({ fromUs, operations }) => [fromUs, operations])).toEqual([
    [100, 10],
    [200, 10],
    [300, 3],
  ]);
});

test('nothing to count is nothing to tell, and spans in which nothing ended are left out', () => {
  const tally = new OperationTally();
  tally.beginSegment(100);
  expect(tally.unrecorded()).toBeUndefined();
  tally.invoked(ONE, 150);
  tally.beginSegment(300);
  expect(tally.unrecorded()).toMatchObject({ cutUs: 150, incomplete: 1, segments: [] });
});

import { expect, test } from 'vitest';
import { timesBy } from './at-speed.ts';

test('times are scaled, wherever they stand; what is no time is not', () => {
  const result = {
    summary: 'as it was',
    us: 2,
    usPerKilobyte: 0.5,
    spread: 0.1,
    records: [{ trigger: 'update', us: 1_000, sends: 7, receivedBytes: 64 }],
    unix: { steps: 1.2, jitter: 0.3, wake: { us: 1, usPerNeighbour: 3 }, wakeLatencyUs: 30 },
  };
  expect(timesBy(1.5, result)).toEqual({
    ...result,
    us: 3,
    usPerKilobyte: 0.75,
    records: [{ trigger: 'update', us: 1_500, sends: 7, receivedBytes: 64 }],
    unix: { steps: 1.2, jitter: 0.3, wake: { us: 1.5, usPerNeighbour: 4.5 }, wakeLatencyUs: 45 },
  });
});

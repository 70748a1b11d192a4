import { expect, test } from 'vitest';
import { driver, replica } from './testing/samples.ts';
import { differences, windowOf } from './window.ts';

const first = [
  replica(0, { atUs: 990, cpuUs: 5, traffic: { messagesSent: 3 }, crypto: { digests: 1 }, counters: { a: 2 } }),
  driver(0, { atUs: 1_000, cpuUs: 7 }),
  driver(1, { atUs: 1_010 }),
];
const second = [
  replica(0, {
    atUs: 3_000,
    cpuUs: 25,
    residentBytes: 99,
    traffic: { messagesSent: 13 },
    crypto: { digests: 4 },
    counters: { a: 5, b: 1 },
  }),
  driver(0, { atUs: 2_998, cpuUs: 8 }),
  driver(1, { atUs: 3_002 }),
];

test('the window runs between the drivers’ samples', () => {
  expect(windowOf(first, second)).toEqual({ startUs: 1_005, endUs: 3_000 });
});

test('differences are those of each node, counters that are new included', () => {
  const [server, one, two] = differences(first, second);
  expect(server).toMatchObject({ spanUs: 2_010, cpuUs: 20, residentBytes: 99, counters: { a: 3, b: 1 } });
  expect(server?.traffic.messagesSent).toBe(10);
  expect(server?.crypto.digests).toBe(3);
  expect([one?.cpuUs, two?.cpuUs]).toEqual([1, undefined]);
});

test('samples of different nodes are no pair', () => {
  expect(() => differences(first, second.slice(1))).toThrow('3 nodes at first, 2 at the end');
  expect(() =>
    differences(
      first,
      [second[0], second[2], second[1]].flatMap((node) => node ?? []),
    ),
  ).toThrow('the samples of driver 1 have no counterpart');
});

import { describe, expect, test } from 'vitest';
import { isClient } from '../../src/kernel/identifiers.ts';
import { MILLISECOND, SECOND } from '../../src/kernel/time.ts';
import { SharedCounter, type SharedCounterPlan } from './testing/shared-counter.ts';

/** Q/U under full contention, on one object in simulation: in bounded virtual time all operations end, whatever b replicas do. */
const SEEDS = [1, 2, 3, 4, 5];
const TIMEOUT_MS = 120_000;

function incrementsOf(run: SharedCounter): (number | undefined)[] {
  return [...run.values].sort((a = 0, b = 0) => a - b);
}

const faulty = (faults: number) => Array.from({ length: faults }, (_, replica) => replica);

describe.each([1, 2])('f = %i, 8 clients: all operations end, each increment once', (faults) => {
  const plan = { faults, clients: 8, operations: 5 };
  const all = Array.from({ length: 40 }, (_, index) => index + 1);

  test.each(SEEDS)('with b crashed replicas (seed %i)', (seed) => {
    const run = new SharedCounter({ ...plan, seed, crashed: faulty(faults) });
    // One time-out of 500 ms tells the clients whom to pass over.
    expect(run.runFor(2 * SECOND)).toBe(true);
    expect(incrementsOf(run)).toEqual(all);
  });

  test.each(SEEDS)('with b lying replicas (seed %i)', (seed) => {
    const run = new SharedCounter({ ...plan, seed, liars: faulty(faults) });
    expect(run.runFor(SECOND)).toBe(true);
    expect(incrementsOf(run)).toEqual(all);
  });
});

describe.each([
  { name: 'by default', options: {} },
  { name: 'without inline repair', options: { inlineRepair: false } },
  { name: 'with fixed back-off', options: { backoff: 'fixed', fixedBackoffUs: 16_000 } },
])('50 clients at one object, $name', ({ options }) => {
  test.each(SEEDS)('all operations end, no history is ever full (seed %i)', (seed) => {
    const run = new SharedCounter({ seed, faults: 1, clients: 50, operations: 2, options });
    expect(run.runFor(SECOND)).toBe(true);
    expect(incrementsOf(run)).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
    expect(run.counted('qu.refused.historyFull')).toBe(0);
  });
});

test('without back-off a few clients still get on', () => {
  const run = new SharedCounter({ seed: 1, faults: 1, clients: 3, operations: 20, options: { backoff: 'none' } });
  expect(run.runFor(SECOND)).toBe(true);
  expect(run.counted('client.backoffs')).toBe(0);
});

/** Operations of three seeds together in 100 ms of virtual time each. */
function operationsIn(plan: Omit<SharedCounterPlan, 'seed' | 'faults'>): number {
  return [1, 2, 3].reduce((sum, seed) => {
    const run = new SharedCounter({ ...plan, seed, faults: 1 });
    run.runFor(100 * MILLISECOND);
    return sum + run.values.length;
  }, 0);
}

test.each([
  // What was measured is 1.2 to 1.5; with so hasty a back-off, more than 10.
  { clients: 20, options: {}, least: 1.15 },
  { clients: 10, options: { leastBackoffUs: 100, mostBackoffRounds: 2 }, least: 5 },
])(
  'inline repair beats barrier and copy, $clients clients, $options',
  ({ clients, options, least }) => {
    const inline = operationsIn({ clients, options });
    const copied = operationsIn({ clients, options: { ...options, inlineRepair: false } });
    expect(inline / copied).toBeGreaterThan(least);
  },
  TIMEOUT_MS,
);

describe.each([
  { name: 'by default', options: {} },
  { name: 'every optimisation off', options: { inlineRepair: false, cachedHistorySet: false, preferredQuorum: false } },
])('operations by type under contention, $name', ({ options }) => {
  const faults = 1;
  const run = new SharedCounter({ seed: 1, faults, clients: 20, operations: 4, options });
  const replies = new Array<number>(5 * faults + 1).fill(0);
  let requests = 0;
  run.simulation.admit = (from, to) => {
    if (isClient(from)) requests++;
    else if (isClient(to)) replies[from] = (replies[from] ?? 0) + 1;
    return true;
  };
  const isOver = run.runFor(10 * SECOND);
  // What is still on its way.
  run.simulation.runUntil(run.simulation.now() + SECOND);
  const sum = (counters: ReadonlyMap<string, number>, names: RegExp) =>
    [...counters].reduce((total, [name, amount]) => total + (names.test(name) ? amount : 0), 0);

  test('clients count each round that they begin, once', () => {
    expect(isOver).toBe(true);
    expect(run.counted('client.retries')).toBe(0);
    const rounds = run.clients.reduce((total, { counters }) => total + sum(counters, /^qu\.(attempt|repair)\./), 0);
    expect(requests).toBe(rounds * (4 * faults + 1));
  });

  test('replicas count each request that they answer, once', () => {
    for (const [replica, { counters }] of run.replicas.entries()) {
      expect(sum(counters, /^qu\.(operation\.|refused\.|repeated$)/)).toBe(replies[replica]);
    }
  });

  test('repairs are no methods: a replica carries out a method as often as it says so', () => {
    for (const { counters } of run.replicas) {
      expect(counters.get('qu.operation.method') ?? 0).toBe(counters.get('replica.handled') ?? 0);
    }
  });
});

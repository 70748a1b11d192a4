import { describe, expect, test } from 'vitest';
import { fitCosts, fitLine, type Observation, predicted } from './fit.ts';

const observation = (amounts: Readonly<Record<string, number>>, measured: number): Observation => ({
  amounts: new Map(Object.entries(amounts)),
  measured,
  tolerance: measured,
});

describe('costs', () => {
  const true_ = { turn: 12, read: 4, receive: 0.3, send: 0.05 };
  const made = (amounts: Readonly<Record<keyof typeof true_, number>>): Observation =>
    observation(
      amounts,
      Object.entries(true_).reduce((sum, [name, cost]) => sum + cost * (amounts[name as keyof typeof true_] ?? 0), 0),
    );
  const designs = [1, 4, 16, 64].flatMap((messages) =>
    [1, 4, 12].map((peers) => made({ turn: 1, read: peers, receive: peers * messages, send: 2 * messages })),
  );

  test('are found again where sums alone were measured, small ones beside large', () => {
    const costs = fitCosts(designs);
    for (const [name, cost] of Object.entries(true_)) expect(costs.get(name)).toBeCloseTo(cost, 6);
    for (const { amounts, measured } of designs) expect(predicted(costs, amounts)).toBeCloseTo(measured, 6);
  });

  test('whatever their units are', () => {
    const scaled = designs.map(({ amounts, measured }) =>
      observation({ ...Object.fromEntries(amounts), read: (amounts.get('read') ?? 0) * 1e6 }, measured),
    );
    expect((fitCosts(scaled).get('read') ?? 0) * 1e6).toBeCloseTo(4, 6);
  });

  test('are never negative', () => {
    const costs = fitCosts([
      observation({ a: 1 }, 10),
      observation({ a: 1, b: 1 }, 9),
      observation({ a: 2, b: 1 }, 19),
    ]);
    expect(costs.get('b')).toBe(0);
    expect(costs.get('a')).toBeCloseTo(9.5, 0);
  });

  test('are nothing for what did not happen', () => {
    expect(fitCosts([observation({ a: 1, b: 0 }, 10)])).toEqual(
      new Map([
        ['a', 10],
        ['b', 0],
      ]),
    );
    expect(fitCosts([])).toEqual(new Map());
  });

  test('two that always go together share what they cost', () => {
    const costs = fitCosts([observation({ a: 1, b: 1 }, 10), observation({ a: 2, b: 2 }, 20)]);
    expect((costs.get('a') ?? 0) + (costs.get('b') ?? 0)).toBeCloseTo(10, 6);
  });
});

test('a line weighs small and large sizes alike', () => {
  const line = fitLine(
    [32, 256, 1024, 8192].map((bytes) => ({ bytes, us: (0.5 + (6 * bytes) / 1024) * (bytes > 1e3 ? 1.05 : 1) })),
  );
  expect(line.us).toBeCloseTo(0.5, 1);
  expect(line.usPerKilobyte).toBeGreaterThan(6);
  expect(line.usPerKilobyte).toBeLessThan(6.3);
});

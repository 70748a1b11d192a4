import { expect, test } from 'vitest';
import { scaled } from './scaled-profile.ts';
import { loadCostProfile, parseCostProfile, shippedProfiles } from './shipped-profiles.ts';

const FACTORS = [
  ['quarter', 0.25],
  ['half', 0.5],
  ['double', 2],
  ['fourfold', 4],
] as const;

test.each(FACTORS)(
  'sosp-2005-transports-%s has transports of %s times the cost, and all else alike',
  (suffix, factor) => {
    const original = loadCostProfile('sosp-2005');
    const profile = loadCostProfile(`sosp-2005-transports-${suffix}`);
    expect(profile.name).toBe(`sosp-2005-transports-${suffix}`);
    expect({ ...profile, name: '', summary: '', transports: {} }).toEqual({
      ...original,
      name: '',
      summary: '',
      transports: {},
    });
    for (const [kind, costs] of Object.entries(profile.transports)) {
      const before = original.transports[kind];
      expect(costs.read.us).toBeCloseTo(factor * (before?.read.us ?? 0), 9);
      expect(costs.write.usPerKilobyte).toBeCloseTo(factor * (before?.write.usPerKilobyte ?? 0), 9);
      expect(costs.wakeLatencyUs).toBe(before?.wakeLatencyUs);
      expect(costs.read.source).toContain(`${factor} × sosp-2005: read: `);
    }
  },
);

test('all CPU time of a transport is scaled, and nothing else of it', () => {
  const cost = { us: 1, usPerKilobyte: 2 };
  const times = { turn: cost, read: cost, receive: cost, send: cost, write: cost };
  const transport = { ...times, wake: { ...cost, usPerNeighbour: 3 }, wakeIdleUs: 4, interruptUs: 5 };
  const kept = { coalesces: true, steps: 1.5, jitter: 0.3, wakeLatencyUs: 6 };
  const original = { ...loadCostProfile('sosp-2005'), transports: { unix: { ...transport, ...kept } } };
  const profile = scaled({ format: 1, name: 'mine', summary: 'mine', of: 'sosp-2005', transports: 10 }, original);
  const tenfold = { us: 10, usPerKilobyte: 20 };
  expect(profile.transports['unix']).toEqual({
    ...kept,
    ...{ turn: tenfold, read: tenfold, receive: tenfold, send: tenfold, write: tenfold },
    wake: { ...tenfold, usPerNeighbour: 30 },
    wakeIdleUs: 40,
    interruptUs: 50,
  });
});

test('all of these ship', () => {
  const scaled = shippedProfiles().filter((name) => name.includes('-transports-'));
  expect(scaled).toEqual(FACTORS.map(([suffix]) => `sosp-2005-transports-${suffix}`).sort());
});

test('a factor that is none is one line', () => {
  const content = { format: 1, name: 'mine', summary: 'mine', of: 'sosp-2005', transports: 0 };
  expect(() => parseCostProfile(content, 'mine.json')).toThrow('mine.json: transports: must be above 0');
});

import { expect, test } from 'vitest';
import { placementsOf } from './placements.ts';

const protocols = [
  { name: 'qu', leastFaults: 1 },
  { name: 'pbft', leastFaults: 1 },
  { name: 'unreplicated', leastFaults: 0 },
];

test.each([true, false])('no load is measured twice but one client of one server (short: %s)', (short) => {
  const loads = placementsOf(protocols, short).map((placement) => JSON.stringify(placement));
  const repeated = loads.filter((load, index) => loads.indexOf(load) !== index);
  expect(new Set(repeated).size).toBe(1);
  expect(JSON.parse(repeated[0] ?? '{}')).toMatchObject({ protocol: 'unreplicated', clients: 1 });
  expect(repeated).toHaveLength(2);
});

test('batches and no batches, few nodes on a core and many, one client and several', () => {
  const loads = placementsOf(protocols, false)
    .filter(({ protocol }) => protocol === 'pbft')
    .map(({ protocolOptions, faults, clients }) => `${String(protocolOptions['batchLimit'])} ${faults} ${clients}`);
  const sizes = ['1 1', '1 2', '1 8', '1 32', '3 2', '3 8', '3 32'];
  expect(loads).toEqual(['1', '64'].flatMap((limit) => sizes.map((size) => `${limit} ${size}`)));
});

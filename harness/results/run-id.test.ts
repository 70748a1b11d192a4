import { describe, expect, test } from 'vitest';
import { loadCostProfile } from '../costs/shipped-profiles.ts';
import type { SimulationSpec } from '../runtimes/runtime.ts';
import { DEFAULTS, type Suite } from '../suites/settings.ts';
import { loadTopology } from '../topologies/shipped-topologies.ts';
import { contentDigest } from './content-digest.ts';
import { simulatedRunId } from './run-id.ts';

const suite: Suite = { ...DEFAULTS, name: 'mine', title: 'Mine', summary: 'For tests.' };
const simulation: SimulationSpec = {
  topology: loadTopology('shared-host'),
  costs: loadCostProfile('reference'),
  crypto: 'modelled',
};

test('a digest does not depend on the order of keys', () => {
  expect(contentDigest({ a: [1, { b: 2, c: 3 }], d: 4 })).toBe(contentDigest({ d: 4, a: [1, { c: 3, b: 2 }] }));
  expect(contentDigest([1, 2])).not.toBe(contentDigest([2, 1]));
});

describe('simulated rows are named', () => {
  const id = simulatedRunId(suite, simulation);

  test('by their suite, and not by the files that topology and costs were read from', () => {
    expect(id).toMatch(/^sim-mine-[0-9a-f]{8}$/);
    expect(simulatedRunId({ ...suite, topology: './there.yaml', costs: 'mine.json' }, simulation)).toBe(id);
  });

  test.each<readonly [string, Suite, SimulationSpec]>([
    ['settings', { ...suite, seed: 2 }, simulation],
    ['topology', suite, { ...simulation, topology: loadTopology('lan-10g') }],
    ['costs', suite, { ...simulation, costs: { ...simulation.costs, encode: { us: 17, usPerKilobyte: 0 } } }],
  ])('by their %s', (_, changed, of) => {
    expect(simulatedRunId(changed, of)).not.toBe(id);
  });
});

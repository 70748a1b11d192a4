import { expect, test } from 'vitest';
import { loadCostProfile } from '../costs/shipped-profiles.ts';
import { FakeRuntime } from '../measure/testing/fake-runtime.ts';
import { loadTopology } from '../topologies/shipped-topologies.ts';
import { resolveSuite } from './resolve.ts';
import { simulatedTwin } from './simulated-twin.ts';
import { parseSuite } from './suite-file.ts';
import { catalogWith } from './testing/catalog.ts';

const HEAD = 'name: mine\ntitle: Mine\nsummary: For tests.\nruntime: process\nfaults: 1..2\ndrivers: 2\nrepeat: 4\n';
const costs = loadCostProfile('reference');

function twin(simulated: string, topology: string) {
  const loaded = parseSuite(`${HEAD}${simulated}`, 'mine.yaml');
  const catalog = catalogWith(new FakeRuntime({ name: 'process' }));
  const suite = resolveSuite(loaded, false, { overrides: {}, flag: (setting) => setting }, catalog);
  return simulatedTwin(suite, loaded, loadTopology(topology), costs);
}

test('a twin has the points of the real suite, and the times of its simulated form', () => {
  const simulated = 'simulated: { faults: 1..9, clients: 5, durationSeconds: 0.25, repeat: 7 }\n';
  expect(twin(simulated, 'shared-host')).toMatchObject({
    runtime: 'sim',
    topology: 'shared-host',
    costs: 'reference',
    faults: [1, 2],
    clients: [16],
    durationSeconds: 0.25,
    repeat: 7,
  });
});

test('without a simulated form it is brief', () => {
  expect(twin('', 'lan-10g')).toMatchObject({ warmupSeconds: 0.2, durationSeconds: 1, repeat: 1 });
});

test('where nodes share cores, they are put on them anew in at least five repeats', () => {
  expect(twin('', 'shared-host').repeat).toBe(5);
  expect(twin('simulated: { repeat: 2 }\n', 'shared-host').repeat).toBe(5);
  expect(twin('simulated: { repeat: 2 }\n', 'lan-10g').repeat).toBe(2);
});

test('client drivers on machines of their own may be more', () => {
  expect(twin('simulated: { drivers: 32 }\n', 'lan-10g').drivers).toBe(32);
  expect(twin('simulated: { drivers: 32 }\n', 'shared-host').drivers).toBe(2);
});

import { loadCostProfile } from '../../costs/shipped-profiles.ts';
import { loadTopology } from '../../topologies/shipped-topologies.ts';
import type { LoadSpec, RunSpec } from '../runtime.ts';

/** A small load with several drivers, clients, and operations under way. */
export const SMALL_LOAD: LoadSpec = { clients: 3, outstanding: 2, drivers: 2, objects: 'private', queryShare: 0 };

/** The unreplicated counter, so that these tests are about runtimes and not about protocols. */
export const COUNTER_SPEC: RunSpec = {
  protocol: 'unreplicated',
  protocolOptions: {},
  faults: 1,
  service: 'counter',
  serviceOptions: {},
  mac: 'hmac-sha256',
  seed: 11,
  load: SMALL_LOAD,
  simulation: { topology: loadTopology('shared-host'), costs: loadCostProfile('reference'), crypto: 'real' },
};

export function withLoad(load: Partial<LoadSpec>): RunSpec {
  return { ...COUNTER_SPEC, load: { ...SMALL_LOAD, ...load } };
}

import { loadCostProfile } from '../../costs/shipped-profiles.ts';
import type { Suite } from '../../suites/settings.ts';
import { loadTopology } from '../../topologies/shipped-topologies.ts';
import type { SimulationSpec } from '../runtime.ts';

/** Reads what a simulated run's settings name. Throws UsageError. */
export function simulationOf({ topology, costs, simCrypto }: Suite): SimulationSpec {
  return { topology: loadTopology(topology), costs: loadCostProfile(costs), crypto: simCrypto };
}

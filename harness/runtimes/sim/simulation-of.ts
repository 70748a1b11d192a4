import { missingCosts } from '../../costs/coverage.ts';
import { loadCostProfile } from '../../costs/shipped-profiles.ts';
import { type Catalog, named } from '../../suites/catalog.ts';
import type { Point } from '../../suites/points.ts';
import { UsageError } from '../../suites/problem.ts';
import type { Suite } from '../../suites/settings.ts';
import { loadTopology } from '../../topologies/shipped-topologies.ts';
import type { SimulationSpec } from '../runtime.ts';

/** Where nodes are simulated, and what their work costs. */
export type Simulated = Pick<SimulationSpec, 'topology' | 'costs'>;

/** Reads what a simulated run's settings name. Throws UsageError. */
export function simulatedBy({ topology, costs }: Pick<Suite, 'topology' | 'costs'>): Simulated {
  return { topology: loadTopology(topology), costs: loadCostProfile(costs) };
}

/** Throws UsageError if the profile has no costs of something that is to be measured. */
export function simulationOf(
  suite: Suite,
  points: readonly Point[],
  { topology, costs }: Simulated,
  catalog: Catalog,
): SimulationSpec {
  const missing = missingCosts(costs, {
    mac: suite.mac,
    transport: topology.transport,
    services: [...new Set(points.map(({ workload }) => workload.service))],
    protocols: points.map((point) => ({ name: point.protocol.name, messageKinds: messageKinds(point, catalog) })),
  });
  if (missing !== undefined) throw new UsageError(missing);
  return { topology, costs, crypto: suite.simCrypto };
}

function messageKinds({ protocol, options, faults, workload }: Point, catalog: Catalog): readonly string[] {
  const service = named(catalog.services, 'service', workload.service).create(workload.serviceOptions);
  return protocol.deploy(faults, service, options).messageKinds;
}

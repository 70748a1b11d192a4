import type { CostProfile } from '../costs/cost-profile.ts';
import type { Topology } from '../topologies/topology.ts';
import { SIMULATED, type Suite } from './settings.ts';
import type { LoadedSuite } from './suite-file.ts';

/** Where nodes share cores, it matters which of them begin on the same one, for long if there is one client: each repeat draws anew. */
const LEAST_PLACEMENTS = 5;
/** Of a suite that does not say how long it is simulated: no code warms up, and where each node has a machine nothing asks for repeats. */
const BRIEF = { warmupSeconds: 0.2, durationSeconds: 1, cooldownSeconds: 0.1, repeat: 1 };

/**
 * The points of a suite for real nodes, to be simulated with some topology and costs: the same in everything but where they run and for
 * how long, which the suite's simulated form tells. Flags over the phases are meant for real time.
 */
export function simulatedTwin(
  suite: Suite,
  { content: { simulated = {} } }: LoadedSuite,
  topology: Topology,
  costs: CostProfile,
): Suite {
  const shared = topology.kind === 'shared-host';
  return {
    ...suite,
    runtime: SIMULATED,
    topology: topology.name,
    costs: costs.name,
    // Where client drivers have machines of their own, so many may be needed that they are not the limit.
    drivers: shared ? suite.drivers : Math.max(suite.drivers, simulated.drivers ?? 0),
    warmupSeconds: simulated.warmupSeconds ?? BRIEF.warmupSeconds,
    durationSeconds: simulated.durationSeconds ?? BRIEF.durationSeconds,
    cooldownSeconds: simulated.cooldownSeconds ?? BRIEF.cooldownSeconds,
    repeat: Math.max(simulated.repeat ?? BRIEF.repeat, shared ? LEAST_PLACEMENTS : 1),
  };
}

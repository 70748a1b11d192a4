import type { Microseconds } from '../../src/kernel/time.ts';
import type { CollectorCosts, CollectorProfile } from '../costs/cost-profile.ts';
import { sumOf } from '../metrics/sum-of.ts';
import { fourDigits } from './measured-cost.ts';
import type { PlacedNodes, Role, RoleWork } from './placed-nodes.ts';

/**
 * How often and for how long nodes pause, over all that were placed, in times of a machine of speed `probeUs`. A role that was never seen to pause
 * is left out.
 */
export function collectorOf(placed: readonly PlacedNodes[], probeUs: Microseconds): CollectorProfile {
  const replica = pausesOf('replica', placed, probeUs);
  const client = pausesOf('driver', placed, probeUs);
  return { ...(replica && { replica }), ...(client && { client }) };
}

/** CPU time of a role's pauses for each operation. */
export function pausedUs({ role, collections }: RoleWork, collector: CollectorProfile): Microseconds {
  return collections * ((role === 'replica' ? collector.replica : collector.client)?.pauseUs ?? 0);
}

/**
 * A pause is timed by the clock, and with more nodes beside it the kernel gives its core to others before it is over: at f = 3 with 32 clients the mean is
 * three times the median, at f = 1 both are alike.
 */
const MOST_FAULTS_TIMED = 1;

function pausesOf(role: Role, placed: readonly PlacedNodes[], probeUs: Microseconds): CollectorCosts | undefined {
  const all = placed.flatMap((nodes) =>
    nodes.roles.filter((work) => work.role === role).map((work) => ({ ...nodes, work })),
  );
  // By time that passed, so that each placement counts alike.
  const pauses = (nodes: typeof all) => sumOf(nodes, ({ work, elapsedUs }) => work.collections / elapsedUs);
  const share = (nodes: typeof all, us: (work: RoleWork) => Microseconds) =>
    sumOf(nodes, ({ work, elapsedUs, probeUs: besideUs }) => (us(work) / elapsedUs) * (probeUs / besideUs));
  const timed = all.filter(({ placement }) => placement.faults <= MOST_FAULTS_TIMED);
  if (pauses(timed) === 0) return undefined;
  return {
    everyUs: fourDigits(share(all, ({ cpuUs }) => cpuUs) / pauses(all)),
    pauseUs: fourDigits(share(timed, ({ collectionUs }) => collectionUs) / pauses(timed)),
  };
}

import type { Microseconds } from '../../src/kernel/time.ts';
import type { CollectorCosts, CostProfile } from '../costs/cost-profile.ts';
import { fourDigits } from './measured-cost.ts';
import type { PlacedNodes, Role } from './placed-nodes.ts';

/**
 * How often and for how long nodes pause, over all that were placed, in times of a machine of speed `probeUs`. Undefined if they ran for too short
 * a time to tell. A pause in which others had the core counts as longer than it was.
 */
export function collectorOf(placed: readonly PlacedNodes[], probeUs: Microseconds): CostProfile['collector'] {
  const replica = pausesOf('replica', placed, probeUs);
  const client = pausesOf('driver', placed, probeUs);
  return replica === undefined || client === undefined ? undefined : { replica, client };
}

function pausesOf(role: Role, placed: readonly PlacedNodes[], probeUs: Microseconds): CollectorCosts | undefined {
  // In equal spans of time, so that each placement counts alike.
  let pauses = 0;
  let pausedUs = 0;
  let workedUs = 0;
  for (const { roles, elapsedUs, probeUs: besideUs } of placed) {
    for (const work of roles) {
      if (work.role !== role) continue;
      const atSpeed = probeUs / besideUs;
      pauses += work.collections / elapsedUs;
      pausedUs += (atSpeed * work.collectionUs) / elapsedUs;
      workedUs += (atSpeed * work.cpuUs) / elapsedUs;
    }
  }
  if (pauses === 0) return undefined;
  return { everyUs: fourDigits(workedUs / pauses), pauseUs: fourDigits(pausedUs / pauses) };
}

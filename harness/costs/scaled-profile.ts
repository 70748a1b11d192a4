import { z } from 'zod';
import { type Cost, type CostProfile, PROFILE_FORMAT, type TransportCosts } from './cost-profile.ts';

/** A profile that is another one with transports of a multiple of its cost: what if messages were cheaper, or dearer, against cryptography? */
export const scaledProfile = z.strictObject({
  format: z.literal(PROFILE_FORMAT),
  name: z.string().min(1),
  summary: z.string().min(1),
  of: z.string().min(1).describe('the profile that it is made from'),
  transports: z.number().positive('must be above 0').describe('factor of all CPU time of transports'),
});
type ScaledProfile = z.output<typeof scaledProfile>;

export function isScaled(content: unknown): boolean {
  return typeof content === 'object' && content !== null && 'of' in content;
}

/** Latency of waking is no CPU time, and stays. */
export function scaled({ name, summary, transports: factor }: ScaledProfile, original: CostProfile): CostProfile {
  const times = (cost: Cost): Cost => ({
    ...cost,
    us: factor * cost.us,
    usPerKilobyte: factor * cost.usPerKilobyte,
    ...(cost.source === undefined ? {} : { source: `${factor} × ${original.name}: ${cost.source}` }),
  });
  const transport = (costs: TransportCosts): TransportCosts => ({
    ...costs,
    turn: times(costs.turn),
    wake: { ...times(costs.wake), usPerNeighbour: factor * costs.wake.usPerNeighbour },
    wakeIdleUs: factor * costs.wakeIdleUs,
    interruptUs: factor * costs.interruptUs,
    read: times(costs.read),
    receive: times(costs.receive),
    send: times(costs.send),
    write: times(costs.write),
  });
  const transports = Object.entries(original.transports).map(([kind, costs]) => [kind, transport(costs)] as const);
  return { ...original, name, summary, transports: Object.fromEntries(transports) };
}

import type { Microseconds } from '../../src/kernel/time.ts';
import { MILLISECOND } from '../../src/kernel/time.ts';
import type { NodeRole } from '../runtimes/runtime.ts';
import type { NetworkedTopology, WideTopology } from './topology.ts';

/** The number of a node's region; a local network is one region. */
export function regionOf(topology: NetworkedTopology, role: NodeRole): number {
  if (topology.kind === 'lan') return 0;
  const [names, index] = role.role === 'replica' ? [topology.replicas, role.replica] : [topology.drivers, role.driver];
  return topology.regions.indexOf(names[index % names.length] ?? '');
}

/** One-way delays, by region and region. The topology has been checked: no pair is missing. */
export function delaysUs(topology: NetworkedTopology): readonly (readonly Microseconds[])[] {
  if (topology.kind === 'lan') return [[topology.delayUs]];
  const { regions } = topology;
  return regions.map((from) => regions.map((to) => (delayMsBetween(topology, from, to) ?? 0) * MILLISECOND));
}

/** As the file names the pair, in whichever order; undefined if it doesn't. */
export function delayMsBetween({ delayMs }: WideTopology, one: string, other: string): number | undefined {
  return delayMs[one]?.[other] ?? delayMs[other]?.[one] ?? (one === other ? 0 : undefined);
}

import type { Microseconds } from '../../../src/kernel/time.ts';
import type { NodeNumber } from '../../node/addresses.ts';
import type { Topology } from '../../topologies/topology.ts';
import type { NodeRole } from '../runtime.ts';

export interface Network {
  transmit(from: NodeNumber, to: NodeNumber, bytes: number, atUs: Microseconds): Microseconds | undefined;
}

export function networkOf(topology: Topology, roles: readonly NodeRole[], seed: number): Network {
  const delay = topology.kind === 'lan' ? topology.delayUs : 0;
  void roles;
  void seed;
  return { transmit: (_from, _to, _bytes, atUs) => atUs + delay };
}

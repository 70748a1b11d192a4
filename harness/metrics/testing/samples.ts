import { noCrypto } from '../../../src/crypto/counted-authentication.ts';
import type { NodeRole, NodeSample } from '../../runtimes/runtime.ts';

type Given = Partial<Omit<NodeSample, 'node' | 'traffic' | 'crypto'>> & {
  readonly traffic?: Partial<NodeSample['traffic']>;
  readonly crypto?: Partial<NodeSample['crypto']>;
};

/** A sample in which everything that is not given is zero, or not known. */
export function sampleOf(node: NodeRole, given: Given): NodeSample {
  return {
    node,
    atUs: given.atUs ?? 0,
    cpuUs: given.cpuUs,
    residentBytes: given.residentBytes,
    traffic: { messagesSent: 0, bytesSent: 0, messagesReceived: 0, bytesReceived: 0, ...given.traffic },
    crypto: { ...noCrypto(), ...given.crypto },
    counters: given.counters ?? {},
  };
}

export const replica = (number: number, given: Given) => sampleOf({ role: 'replica', replica: number }, given);
export const driver = (number: number, given: Given) => sampleOf({ role: 'driver', driver: number }, given);

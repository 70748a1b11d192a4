import { noCrypto } from '../../src/crypto/counted-authentication.ts';
import type { NodeSample } from '../runtimes/runtime.ts';
import type { ParticipantHost } from './participant-host.ts';

/** What can be counted on any runtime. */
export type NodeTotals = Pick<NodeSample, 'traffic' | 'crypto' | 'counters'>;

/** Adds up a node's participants; counters of the node itself may join those of its participants. */
export function totalsOf(
  hosts: readonly ParticipantHost[],
  nodeCounters: readonly ReadonlyMap<string, number>[] = [],
): NodeTotals {
  const traffic = { messagesSent: 0, bytesSent: 0, messagesReceived: 0, bytesReceived: 0 };
  const crypto = noCrypto();
  const counters: Record<string, number> = {};
  for (const host of hosts) {
    traffic.messagesSent += host.traffic.messagesSent;
    traffic.bytesSent += host.traffic.bytesSent;
    traffic.messagesReceived += host.traffic.messagesReceived;
    traffic.bytesReceived += host.traffic.bytesReceived;
    const counts = host.authentication.counts;
    crypto.macsGenerated += counts.macsGenerated;
    crypto.bytesTagged += counts.bytesTagged;
    crypto.macsVerified += counts.macsVerified;
    crypto.macsRejected += counts.macsRejected;
    crypto.bytesVerified += counts.bytesVerified;
    crypto.digests += counts.digests;
    crypto.bytesDigested += counts.bytesDigested;
    addTo(counters, host.counters);
  }
  for (const more of nodeCounters) addTo(counters, more);
  return { traffic, crypto, counters };
}

function addTo(sums: Record<string, number>, counters: ReadonlyMap<string, number>): void {
  for (const [name, amount] of counters) if (amount !== 0) sums[name] = (sums[name] ?? 0) + amount;
}

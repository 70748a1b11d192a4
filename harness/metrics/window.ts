import type { Microseconds } from '../../src/kernel/time.ts';
import type { NodeSample } from '../runtimes/runtime.ts';
import type { MeasuredWindow } from '../workload/history.ts';

/** What one node did between its two samples. */
export interface NodeDifference {
  readonly node: NodeSample['node'];
  readonly spanUs: Microseconds;
  readonly cpuUs: Microseconds | undefined;
  /** At the end of the window. */
  readonly residentBytes: number | undefined;
  readonly traffic: NodeSample['traffic'];
  readonly crypto: NodeSample['crypto'];
  readonly counters: Readonly<Record<string, number>>;
}

/** Pairs the samples of each node. Throws if the two do not name the same nodes in the same order: a runtime that broke its contract. */
export function differences(first: readonly NodeSample[], second: readonly NodeSample[]): readonly NodeDifference[] {
  if (first.length !== second.length) throw new Error(`${first.length} nodes at first, ${second.length} at the end`);
  return second.map((after, index) => {
    const before = first[index];
    if (before === undefined || nodeName(before.node) !== nodeName(after.node)) {
      throw new Error(`the samples of ${nodeName(after.node)} have no counterpart`);
    }
    return {
      node: after.node,
      spanUs: after.atUs - before.atUs,
      cpuUs: after.cpuUs === undefined || before.cpuUs === undefined ? undefined : after.cpuUs - before.cpuUs,
      residentBytes: after.residentBytes,
      traffic: {
        messagesSent: after.traffic.messagesSent - before.traffic.messagesSent,
        bytesSent: after.traffic.bytesSent - before.traffic.bytesSent,
        messagesReceived: after.traffic.messagesReceived - before.traffic.messagesReceived,
        bytesReceived: after.traffic.bytesReceived - before.traffic.bytesReceived,
      },
      crypto: {
        macsGenerated: after.crypto.macsGenerated - before.crypto.macsGenerated,
        bytesTagged: after.crypto.bytesTagged - before.crypto.bytesTagged,
        macsVerified: after.crypto.macsVerified - before.crypto.macsVerified,
        macsRejected: after.crypto.macsRejected - before.crypto.macsRejected,
        bytesVerified: after.crypto.bytesVerified - before.crypto.bytesVerified,
        digests: after.crypto.digests - before.crypto.digests,
        bytesDigested: after.crypto.bytesDigested - before.crypto.bytesDigested,
      },
      counters: counterDifferences(before.counters, after.counters),
    };
  });
}

function counterDifferences(
  before: Readonly<Record<string, number>>,
  after: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(after).map(([name, count]) => [name, count - (before[name] ?? 0)]));
}

/** `replica 3`, `driver 0` */
export function nodeName(node: NodeSample['node']): string {
  return node.role === 'replica' ? `replica ${node.replica}` : `driver ${node.driver}`;
}

/**
 * The window by the drivers' clocks, which their histories use. Nodes take their samples some moments apart under load; the mean over
 * drivers splits the difference.
 */
export function windowOf(first: readonly NodeSample[], second: readonly NodeSample[]): MeasuredWindow {
  return { startUs: meanDriverTime(first), endUs: meanDriverTime(second) };
}

function meanDriverTime(samples: readonly NodeSample[]): Microseconds {
  const times = samples.filter((sample) => sample.node.role === 'driver').map((sample) => sample.atUs);
  return times.reduce((sum, atUs) => sum + atUs, 0) / times.length;
}

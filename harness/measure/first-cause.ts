import { Counter } from '../../src/kernel/counters.ts';
import type { NodeSample } from '../runtimes/runtime.ts';

const IGNORED = 'ignored.';

/** Why nothing, or not everything, came to an end: the first place on an operation's way where it can have got stuck. */
export function firstCause(samples: readonly NodeSample[]): string {
  const replicas = samples.filter((sample) => sample.node.role === 'replica');
  const drivers = samples.filter((sample) => sample.node.role === 'driver');
  const total = (nodes: readonly NodeSample[], count: (node: NodeSample) => number) =>
    nodes.reduce((sum, node) => sum + count(node), 0);
  const retries = total(drivers, (node) => node.counters[Counter.retries] ?? 0);
  if (total(drivers, (node) => node.traffic.messagesSent) === 0) return 'the clients sent nothing';
  if (total(replicas, (node) => node.traffic.messagesReceived) === 0) return 'no message reached a replica';
  const drop = largestDrop(replicas);
  if (total(replicas, (node) => node.counters[Counter.handled] ?? 0) === 0) {
    return `no replica carried out a request${drop === undefined ? ': no quorum' : `: replicas dropped ${drop}`}`;
  }
  const clientDrop = largestDrop(drivers);
  if (total(drivers, (node) => node.traffic.messagesReceived) === 0) return 'no answer reached a client';
  if (clientDrop !== undefined) return `clients dropped ${clientDrop}`;
  if (drop !== undefined) return `replicas dropped ${drop}; ${retries} requests were sent again`;
  return `replicas answered, but too few alike or too late: ${retries} requests were sent again`;
}

/** `12 messages as malformed`, for the most frequent reason. */
function largestDrop(nodes: readonly NodeSample[]): string | undefined {
  const drops = new Map<string, number>();
  for (const node of nodes) {
    for (const [name, count] of Object.entries(node.counters)) {
      if (name.startsWith(IGNORED) && count > 0) drops.set(name, (drops.get(name) ?? 0) + count);
    }
  }
  const [largest] = [...drops].sort(([, a], [, b]) => b - a);
  return largest === undefined ? undefined : `${largest[1]} messages (${largest[0].slice(IGNORED.length)})`;
}

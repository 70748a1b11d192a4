import { Counter } from '../../src/kernel/counters.ts';
import type { NodeSample } from '../runtimes/runtime.ts';

const IGNORED = 'ignored.';
const LINK = 'link.';

/** Drops of what came too late to matter, such as the last replica's answer to every operation: they are many where all is well. */
const HARMLESS = new Set(['late', 'unneeded', 'duplicate', 'old', 'notAsked'].map((reason) => IGNORED + reason));

/** Why nothing, or not everything, came to an end: the first place on an operation's way where it can have got stuck. */
export function firstCause(samples: readonly NodeSample[]): string {
  const replicas = samples.filter((sample) => sample.node.role === 'replica');
  const drivers = samples.filter((sample) => sample.node.role === 'driver');
  const total = (nodes: readonly NodeSample[], count: (node: NodeSample) => number) =>
    nodes.reduce((sum, node) => sum + count(node), 0);
  const retries = total(drivers, (node) => node.counters[Counter.retries] ?? 0);
  if (total(drivers, (node) => node.traffic.messagesSent) === 0) return 'the clients sent nothing';
  if (total(replicas, (node) => node.traffic.messagesReceived) === 0) return 'no message reached a replica';
  const broken = largestCount(samples, (name) => name.startsWith(LINK));
  if (broken !== undefined) return `messages did not get through: ${broken[0]}, ${broken[1]} times`;
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

/** `12 messages (malformed)`, for the most frequent reason. */
function largestDrop(nodes: readonly NodeSample[]): string | undefined {
  const largest = largestCount(nodes, (name) => name.startsWith(IGNORED) && !HARMLESS.has(name));
  return largest === undefined ? undefined : `${largest[1]} messages (${largest[0].slice(IGNORED.length)})`;
}

/** The counter with the largest sum over the nodes, of those that count. */
function largestCount(
  nodes: readonly NodeSample[],
  counts: (name: string) => boolean,
): readonly [name: string, count: number] | undefined {
  const sums = new Map<string, number>();
  for (const node of nodes) {
    for (const [name, count] of Object.entries(node.counters)) {
      if (count > 0 && counts(name)) sums.set(name, (sums.get(name) ?? 0) + count);
    }
  }
  const [largest] = [...sums].sort(([, a], [, b]) => b - a);
  return largest;
}

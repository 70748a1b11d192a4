import { Counter } from '../../src/kernel/counters.ts';
import type { Microseconds } from '../../src/kernel/time.ts';
import type { NodeDifference } from './window.ts';

/** What the nodes spent, per operation that ended in the window. Undefined is "not known". */
export interface PerOperation {
  readonly retries: number;
  readonly backoffs: number;
  /** Protocol events: those of the clients added up, those of replicas at the replica with most; drops of all nodes added up. */
  readonly events: Readonly<Record<string, number>>;
  readonly batchMean: number;
  readonly messages: number;
  readonly messagesBusiest: number;
  /** Sent and received by the replica with most messages, per request that it carried out itself. */
  readonly messagesPerHandledBusiest: number | undefined;
  readonly bytes: number;
  readonly macsGeneratedBusiest: number;
  readonly macsVerifiedBusiest: number;
  /** Per request that the replica with most MACs carried out itself. */
  readonly macsPerHandledBusiest: number | undefined;
  readonly macsTotal: number;
  readonly digestsBusiest: number;
  readonly digestsTotal: number;
  readonly cpuUsBusiest: Microseconds | undefined;
  readonly cpuUsTotal: Microseconds | undefined;
}

const IGNORED = 'ignored.';
const SHARED_COUNTERS: readonly string[] = Object.values(Counter);

/**
 * The difference of each node is scaled to the window's length, because nodes take their samples some moments apart.
 * `operations` must not be 0.
 */
export function perOperation(
  nodes: readonly NodeDifference[],
  protocol: string,
  operations: number,
  windowUs: Microseconds,
): PerOperation {
  const replicas = nodes.filter((node) => node.node.role === 'replica');
  const each = (node: NodeDifference, count: number) => (count * (windowUs / node.spanUs)) / operations;
  const sum = (of: readonly NodeDifference[], count: (node: NodeDifference) => number) =>
    of.reduce((total, node) => total + each(node, count(node)), 0);
  const most = (count: (node: NodeDifference) => number) =>
    Math.max(...replicas.map((node) => each(node, count(node))));
  const perHandled = (count: (node: NodeDifference) => number) => {
    const busiest = busiestBy(replicas, count);
    const handled = busiest.counters[Counter.handled] ?? 0;
    return handled > 0 ? count(busiest) / handled : undefined;
  };
  const counted = (name: string) => sum(nodes, (node) => node.counters[name] ?? 0);

  const busiest = busiestBy(replicas, macsOf);
  return {
    retries: counted(Counter.retries),
    backoffs: counted(Counter.backoffs),
    events: eventsPerOperation(nodes, each),
    batchMean: batchMean(replicas, protocol),
    messages: sum(nodes, (node) => node.traffic.messagesSent),
    messagesBusiest: most(messagesOf),
    messagesPerHandledBusiest: perHandled(messagesOf),
    bytes: sum(nodes, (node) => node.traffic.bytesSent),
    macsGeneratedBusiest: each(busiest, busiest.crypto.macsGenerated),
    macsVerifiedBusiest: each(busiest, busiest.crypto.macsVerified),
    macsPerHandledBusiest: perHandled(macsOf),
    macsTotal: sum(replicas, macsOf),
    digestsBusiest: most((node) => node.crypto.digests),
    digestsTotal: sum(replicas, (node) => node.crypto.digests),
    cpuUsBusiest: allKnown(replicas) ? most((node) => node.cpuUs ?? 0) : undefined,
    cpuUsTotal: allKnown(nodes) ? sum(nodes, (node) => node.cpuUs ?? 0) : undefined,
  };
}

/** CPU share of the busiest driver, 0 … 1 of a core; undefined where CPU time is not known. */
export function busiestDriverShare(nodes: readonly NodeDifference[]): number | undefined {
  const drivers = nodes.filter((node) => node.node.role === 'driver');
  if (drivers.length === 0 || !allKnown(drivers)) return undefined;
  return Math.max(...drivers.map((node) => (node.cpuUs ?? 0) / node.spanUs));
}

/** Resident memory of all nodes in MiB; undefined where nodes share theirs. */
export function residentMebibytes(nodes: readonly NodeDifference[]): number | undefined {
  if (nodes.some((node) => node.residentBytes === undefined)) return undefined;
  return nodes.reduce((sum, node) => sum + (node.residentBytes ?? 0), 0) / 2 ** 20;
}

function allKnown(nodes: readonly NodeDifference[]): boolean {
  return nodes.every((node) => node.cpuUs !== undefined);
}

function macsOf(node: NodeDifference): number {
  return node.crypto.macsGenerated + node.crypto.macsVerified;
}

function messagesOf(node: NodeDifference): number {
  return node.traffic.messagesSent + node.traffic.messagesReceived;
}

function busiestBy(replicas: readonly NodeDifference[], count: (node: NodeDifference) => number): NodeDifference {
  return replicas.reduce((busiest, node) => (count(node) > count(busiest) ? node : busiest));
}

/** Requests per agreement instance at the replica that saw most instances; 1 for protocols that do not count batches. */
function batchMean(replicas: readonly NodeDifference[], protocol: string): number {
  const batches = (node: NodeDifference) => node.counters[`${protocol}.batches`] ?? 0;
  const busiest = busiestBy(replicas, batches);
  const requests = busiest.counters[`${protocol}.requests`] ?? 0;
  return batches(busiest) > 0 && requests > 0 ? requests / batches(busiest) : 1;
}

function eventsPerOperation(
  nodes: readonly NodeDifference[],
  each: (node: NodeDifference, count: number) => number,
): Readonly<Record<string, number>> {
  const names = new Set(nodes.flatMap((node) => Object.keys(node.counters)));
  const events: Record<string, number> = {};
  for (const name of [...names].sort()) {
    if (SHARED_COUNTERS.includes(name)) continue;
    const amounts = (role: 'replica' | 'driver') =>
      nodes.filter((node) => node.node.role === role).map((node) => each(node, node.counters[name] ?? 0));
    const total = (counts: readonly number[]) => counts.reduce((sum, count) => sum + count, 0);
    const replicas = amounts('replica');
    const amount = total(amounts('driver')) + (name.startsWith(IGNORED) ? total(replicas) : Math.max(0, ...replicas));
    if (amount > 0) events[name] = Number(amount.toPrecision(6));
  }
  return events;
}

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PERFECT_NETWORK } from '../../harness/conformance/testing/simulation.ts';
import { ignored } from '../../src/kernel/counters.ts';
import { FIRST_CLIENT } from '../../src/kernel/identifiers.ts';
import { nullService } from '../../src/services/null.ts';
import { messageCodec } from './codec.ts';
import { arbitraryMessage, REPLICAS } from './testing/arbitrary-message.ts';
import { Cluster } from './testing/cluster.ts';

const codec = messageCodec(REPLICAS);

test('what others forge is dropped and counted, and the service goes on', () => {
  const cluster = new Cluster({ seed: 1, faults: 1, clients: 2, network: PERFECT_NETWORK });
  const senders = fc.constantFrom(0, 1, 2, 3, FIRST_CLIENT, FIRST_CLIENT + 1, FIRST_CLIENT + 999);
  const forgeries = fc.sample(fc.tuple(senders, senders, arbitraryMessage), { seed: 1, numRuns: 3_000 });
  for (const [i, [from, to, message]] of forgeries.entries()) {
    cluster.simulation.at(10 * i, () => cluster.simulation.deliver(from, to, codec.encode(message)));
  }
  expect(cluster.run(100)).toBeUndefined();
  cluster.simulation.runUntil(cluster.simulation.now() + 100_000);
  expect(cluster.violation()).toBeUndefined();
  expect(cluster.upToDate()).toBe(REPLICAS);
  expect(cluster.counter(ignored('authentication'))).toBeGreaterThan(100);
  expect(cluster.counter(ignored('malformed'))).toBeGreaterThan(100);
  expect(cluster.counter('pbft.viewChanges')).toBe(0);
});

/** Bytes that all replicas and clients sent while one client asked for a large result ten times. */
function bytesForLargeResults(digestReplies: boolean): number {
  const service = () => nullService.create({ replyBytes: 4096 });
  const cluster = new Cluster({
    seed: 2,
    faults: 1,
    clients: 1,
    network: PERFECT_NETWORK,
    protocol: { digestReplies },
    service,
  });
  expect(cluster.run(10)).toBeUndefined();
  expect(cluster.counter('client.retries')).toBe(0);
  return cluster.replicas.reduce((sum, { traffic }) => sum + traffic.bytesSent, 0);
}

test('with digest replies one replica sends a large result instead of all', () => {
  const saved = bytesForLargeResults(false) - bytesForLargeResults(true);
  expect(saved).toBeGreaterThan(10 * (REPLICAS - 1) * 4000);
});

import { describe, expect, test } from 'vitest';
import { protocolNamed } from '../../baselines/registry.ts';
import { counterService } from '../../src/services/counter.ts';
import { closedForms } from './closed-forms.ts';
import { busiestDriverShare, perOperation, residentMebibytes } from './per-operation.ts';
import { driver, replica } from './testing/samples.ts';
import { differences } from './window.ts';

const nodes = differences(
  [replica(0, {}), replica(1, { cpuUs: 0 }), driver(0, {}), driver(1, {})].map((node) => ({ ...node, cpuUs: 0 })),
  [
    replica(0, {
      atUs: 1_000,
      cpuUs: 600,
      residentBytes: 3 * 2 ** 20,
      traffic: { messagesSent: 40, messagesReceived: 20, bytesSent: 4_000 },
      crypto: { macsGenerated: 30, macsVerified: 50, digests: 5 },
      counters: { 'replica.handled': 10, 'pbft.batches': 2, 'pbft.requests': 10, 'ignored.old': 1 },
    }),
    replica(1, {
      atUs: 1_000,
      cpuUs: 700,
      residentBytes: 2 ** 20,
      traffic: { messagesSent: 10, messagesReceived: 45, bytesSent: 1_000 },
      crypto: { macsGenerated: 20, macsVerified: 20, digests: 8 },
      counters: { 'replica.handled': 9, 'pbft.batches': 1, 'pbft.requests': 9, 'ignored.old': 2 },
    }),
    driver(0, {
      atUs: 1_000,
      cpuUs: 300,
      residentBytes: 0,
      traffic: { messagesSent: 10 },
      counters: { 'client.retries': 2 },
    }),
    // Sampled after half the time: what it did counts twice.
    driver(1, {
      atUs: 500,
      cpuUs: 200,
      residentBytes: 0,
      traffic: { messagesSent: 5 },
      counters: { 'client.backoffs': 1 },
    }),
  ],
);
const spent = perOperation(nodes, 'pbft', 10, 1_000);

describe('per operation', () => {
  test('the busiest replica is found anew for each resource', () => {
    expect(spent).toMatchObject({
      macsGeneratedBusiest: 3,
      macsVerifiedBusiest: 5,
      macsPerHandledBusiest: 8,
      messagesBusiest: 6,
      digestsBusiest: 0.8,
      cpuUsBusiest: 70,
    });
  });

  test('totals are those of the replicas; messages, bytes and CPU those of all nodes', () => {
    expect(spent).toMatchObject({
      macsTotal: 12,
      digestsTotal: 1.3,
      messages: 7,
      bytes: 500,
      cpuUsTotal: 60 + 70 + 30 + 40,
    });
  });

  test('a node’s counts are scaled to the window', () => {
    expect(spent).toMatchObject({ retries: 0.2, backoffs: 0.2 });
  });

  test('events are those of the replica with most, drops those of all', () => {
    expect(spent.events).toEqual({ 'ignored.old': 0.3, 'pbft.batches': 0.2, 'pbft.requests': 1 });
  });

  test('a batch is what the replica with most batches saw', () => {
    expect(spent.batchMean).toBe(5);
    expect(perOperation(nodes, 'unreplicated', 10, 1_000).batchMean).toBe(1);
  });

  test('CPU time that one node cannot tell is not known', () => {
    const blind = nodes.map((node, index) => (index === 3 ? { ...node, cpuUs: undefined } : node));
    expect(perOperation(blind, 'pbft', 10, 1_000)).toMatchObject({ cpuUsBusiest: 70, cpuUsTotal: undefined });
    expect(busiestDriverShare(blind)).toBeUndefined();
  });

  test('the busiest driver has its share of its own time', () => {
    expect(busiestDriverShare(nodes)).toBe(0.4);
  });

  test('memory is that of all nodes, or not known', () => {
    expect(residentMebibytes(nodes)).toBe(4);
    expect(residentMebibytes(nodes.map((node) => ({ ...node, residentBytes: undefined })))).toBeUndefined();
  });
});

describe('closed forms', () => {
  const load = { clients: 1, outstanding: 1, drivers: 1, objects: 'private', queryShare: 0 } as const;
  const { costModel } = protocolNamed('unreplicated').deploy(0, counterService.create({}), {});

  test('hold for updates of private objects', () => {
    expect(closedForms(costModel, load, { faults: 0, batch: 1 })).toEqual({
      messages: 2,
      messagesPerHandled: 2,
      macsPerHandled: 2,
      macsPublished: 2,
    });
  });

  test('are mixed by the share of queries; the published one is for updates', () => {
    const query = { ...costModel, messagesInAll: () => 12 };
    const mixed = { ...load, queryShare: 0.25 };
    expect(closedForms({ ...costModel, query }, mixed, { faults: 0, batch: 1 })).toEqual({
      messages: 0.75 * 2 + 0.25 * 12,
      messagesPerHandled: 2,
      macsPerHandled: 2,
      macsPublished: undefined,
    });
  });

  test.each([
    ['queries where there is no form for them', { ...load, queryShare: 0.1 }],
    ['a shared object', { ...load, objects: 'shared' as const }],
  ])('do not apply to %s', (_, other) => {
    const { query: _query, ...ofUpdates } = costModel;
    expect(Object.values(closedForms(ofUpdates, other, { faults: 0, batch: 1 }))).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });
});

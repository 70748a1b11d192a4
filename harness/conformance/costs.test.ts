import { describe, expect, test } from 'vitest';
import { protocolNamed, protocols } from '../../baselines/registry.ts';
import type { CostParameters } from '../../src/kernel/protocol.ts';
import { counterService } from '../../src/services/counter.ts';
import { closedForms } from '../metrics/closed-forms.ts';
import { countCosts } from './testing/counted-costs.ts';
import { faultsTried } from './testing/faults-tried.ts';

/** Options that change a cost, beside the defaults. */
const optionsTried: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>> = {
  pbft: [{}, { checkpointInterval: 4 }],
  qu: [
    {},
    { cachedHistorySet: false },
    { pruning: false, mostUnpruned: 8 },
    { inlineRepair: false, optimisticQuery: false },
  ],
  rcw: [{}, { writeFromCache: true }, { inlineRepair: false, pruning: false, mostUnpruned: 8 }],
};

/**
 * Without failures and contention, what is counted equals the closed form that the protocol states: MACs for each request that
 * the busiest replica carried out, messages there, and messages sent by all for each operation. A whole number of checkpoint intervals is counted, so that
 * periodic work is in it in its due share; with several clients the mean batch is what was measured.
 */
describe.each(protocols)('$name', (protocol) => {
  describe.each(faultsTried(protocol))('f=%i', (faults) => {
    const cases = (optionsTried[protocol.name] ?? [{}]).flatMap((options) =>
      [1, 8].map((clients) => ({ clients, options })),
    );
    test.each(cases)('with $clients clients on private objects, options $options', ({ clients, options }) => {
      const counted = countCosts(protocol, faults, clients, options);
      const { costModel, batch } = counted;
      const form = (of: (parameters: CostParameters) => number | undefined) => of({ faults, batch }) ?? Number.NaN;
      expect(counted.operations).toBeGreaterThanOrEqual(256);
      expect(counted.disturbances).toEqual([]);
      expect(counted.macsPerHandledBusiest).toBeCloseTo(form(costModel.macsAtBusiestReplica), 9);
      expect(counted.messagesPerHandledBusiest).toBeCloseTo(form(costModel.messagesAtBusiestReplica), 9);
      expect(counted.messagesPerOperation).toBeCloseTo(form(costModel.messagesInAll), 9);
    });
  });
});

/** Options under which queries take another way, beside the defaults. */
const queryOptionsTried: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>> = {
  pbft: [{}, { readOnly: false }, { tentative: false }],
  qu: [
    {},
    { cachedHistorySet: false },
    { optimisticQuery: false },
    { optimisticQuery: false, cachedHistorySet: false },
  ],
};

/** The same for queries alone and for as many queries as updates: what is shared by both, authenticators and batches, must count for neither twice. */
describe.each(protocols)('$name, queries', (protocol) => {
  describe.each(faultsTried(protocol))('f=%i', (faults) => {
    const cases = (queryOptionsTried[protocol.name] ?? [{}]).flatMap((options) =>
      [1, 0.5].map((queryShare) => ({ queryShare, options })),
    );
    test.each(cases)('a share of $queryShare, options $options', ({ queryShare, options }) => {
      const kinds = queryShare === 1 ? (['query'] as const) : (['update', 'query'] as const);
      const counted = countCosts(protocol, faults, 8, options, kinds);
      const load = { clients: 8, outstanding: 1, drivers: 1, objects: 'private', queryShare } as const;
      const forms = closedForms(counted.costModel, load, { faults, batch: counted.batch });
      expect(counted.disturbances).toEqual([]);
      expect(counted.macsPerHandledBusiest).toBeCloseTo(forms.macsPerHandled ?? Number.NaN, 9);
      expect(counted.messagesPerHandledBusiest).toBeCloseTo(forms.messagesPerHandled ?? Number.NaN, 9);
      expect(counted.messagesPerOperation).toBeCloseTo(forms.messages ?? Number.NaN, 9);
    });
  });
});

/** Where quorums are drawn at random the forms are means: counted over 2048 operations they are met to a few percent. */
describe.each([1, 2])('qu with drawn quorums, f=%i', (faults) => {
  const { costModel, ...counted } = countCosts(protocolNamed('qu'), faults, 8, { preferredQuorum: false });

  test.each([
    { what: 'MACs at the busiest replica', count: counted.macsPerHandledBusiest, form: costModel.macsAtBusiestReplica },
    {
      what: 'messages at the busiest replica',
      count: counted.messagesPerHandledBusiest,
      form: costModel.messagesAtBusiestReplica,
    },
    { what: 'messages in all', count: counted.messagesPerOperation, form: costModel.messagesInAll },
  ])('$what are the closed form on average', ({ count, form }) => {
    const expected = form({ faults, batch: 1 }) ?? Number.NaN;
    expect(Math.abs(count / expected - 1)).toBeLessThan(0.04);
  });

  test('queries cost exactly what their closed form says, whatever replicas have missed', () => {
    const queries = countCosts(protocolNamed('qu'), faults, 8, { preferredQuorum: false }, ['query']);
    const { query } = queries.costModel;
    expect(queries.macsPerHandledBusiest).toBe(query?.macsAtBusiestReplica({ faults, batch: 1 }));
    expect(queries.messagesPerHandledBusiest).toBe(query?.messagesAtBusiestReplica({ faults, batch: 1 }));
    expect(queries.messagesPerOperation).toBe(query?.messagesInAll({ faults, batch: 1 }));
  });
});

test('qu with drawn quorums and nothing cached has no closed form', () => {
  const { costModel } = protocolNamed('qu').deploy(1, counterService.create({}), {
    preferredQuorum: false,
    cachedHistorySet: false,
  });
  const load = { clients: 1, outstanding: 1, drivers: 1, objects: 'private', queryShare: 0 } as const;
  const { macsPublished, ...forms } = closedForms(costModel, load, { faults: 1, batch: 1 });
  expect(Object.values(forms)).toEqual([undefined, undefined, undefined]);
  expect(macsPublished).toBe(10);
});

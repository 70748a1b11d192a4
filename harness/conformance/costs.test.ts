import { describe, expect, test } from 'vitest';
import { protocols } from '../../baselines/registry.ts';
import type { CostParameters } from '../../src/kernel/protocol.ts';
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

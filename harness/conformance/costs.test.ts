import { describe, expect, test } from 'vitest';
import { protocols } from '../../baselines/registry.ts';
import { countCosts } from './testing/counted-costs.ts';
import { faultsTried } from './testing/faults-tried.ts';

/**
 * Without failures and contention, what is counted equals the closed form that the protocol states: MACs for each request that
 * the busiest replica carried out, messages sent by all for each operation. A whole number of checkpoint intervals is counted, so that
 * periodic work is in it in its due share; with several clients the mean batch is what was measured.
 */
describe.each(protocols)('$name', (protocol) => {
  describe.each(faultsTried(protocol))('f=%i', (faults) => {
    test.each([1, 8])('with %i clients on private objects', (clients) => {
      const { operations, batch, macsPerHandledBusiest, messagesPerOperation, disturbances } = countCosts(
        protocol,
        faults,
        clients,
      );
      expect(operations).toBeGreaterThanOrEqual(256);
      expect(disturbances).toEqual([]);
      const { costModel } = protocol;
      expect(macsPerHandledBusiest).toBeCloseTo(costModel.macsAtBusiestReplica({ faults, batch }), 9);
      expect(messagesPerOperation).toBeCloseTo(costModel.messagesInAll({ faults, batch }), 9);
    });
  });
});

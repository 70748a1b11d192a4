import type { CostModel } from '../kernel/protocol.ts';

/**
 * Per update, failure-free, no contention, at a replica of the object's preferred quorum: one request verified; the entries of the 4b other
 * quorum members' authenticators verified; an authenticator for those 4b made; one reply made. [ZYZ] Table 1 says the same.
 * Messages: that request and that reply.
 */
export const quCostModel: CostModel = {
  macsAtBusiestReplica: ({ faults }) => 2 + 8 * faults,
  messagesAtBusiestReplica: () => 2,
  messagesInAll: ({ faults }) => 2 * (4 * faults + 1),
  published: { macsAtBusiestReplica: ({ faults }) => 2 + 8 * faults, source: 'Zyzzyva (SOSP 2007), Table 1' },
  oneWayLatencies: 2,
};

import type { CostModel } from '../kernel/protocol.ts';
import type { RcwOptions } from './options.ts';

/**
 * Per update, failure-free, no contention, at a replica of the object's preferred quorum. The read: its request verified, its reply made. The
 * write: its request verified; the entries of the 4b other quorum members' authenticators verified; an authenticator for
 * those 4b made over the new history, which the next read hands out again; its reply made. Of the other options none changes these counts
 * without contention.
 */
export function rcwCostModel({ preferredQuorum }: Pick<RcwOptions, 'preferredQuorum'>): CostModel {
  return { ...(preferredQuorum ? PREFERRED : DRAWN), published: PUBLISHED };
}

type Forms = Omit<CostModel, 'published'>;

const PREFERRED: Forms = {
  macsAtBusiestReplica: ({ faults }) => 4 + 8 * faults,
  messagesAtBusiestReplica: () => 4,
  messagesInAll: ({ faults }) => 4 * (4 * faults + 1),
  oneWayLatencies: 4,
};

/** Reads and writes go to quorums of their own, so replicas miss versions, and some handle more reads than writes. Latencies: with a fetch. */
const DRAWN: Forms = {
  macsAtBusiestReplica: () => undefined,
  messagesAtBusiestReplica: () => undefined,
  messagesInAll: () => undefined,
  oneWayLatencies: 6,
};

const PUBLISHED: CostModel['published'] = {
  macsAtBusiestReplica: ({ faults }) => 4 + 8 * faults,
  source: "Q/U's 2 + 8f of Zyzzyva (SOSP 2007), Table 1, and a read's request and reply: no table lists R/CW",
};

import type { CostModel, OperationCosts } from '../kernel/protocol.ts';
import type { Service } from '../kernel/service.ts';
import type { RcwOptions } from './options.ts';

/**
 * Per update, failure-free, no contention, at a replica of the object's preferred quorum. The read: its request verified, its reply made. The
 * write: its request verified; the entries of the 4b other quorum members' authenticators verified; an authenticator for
 * those 4b made over the new history, which the next read hands out again; its reply made. Where a client writes what it has cached, and
 * is alone in doing so, the read falls away. Of the other options none changes these counts without contention.
 */
export function rcwCostModel(
  options: Pick<RcwOptions, 'writeFromCache' | 'preferredQuorum'>,
  { locality }: Pick<Service, 'locality'> = {},
): CostModel {
  const rounds = options.writeFromCache ? 1 : 2;
  return {
    ...(options.preferredQuorum ? preferred(rounds) : drawn(rounds)),
    // What an update of several objects takes depends on how many they are; and it is always read first.
    ...(locality !== undefined && UNKNOWN),
    query: options.preferredQuorum ? READ : UNKNOWN,
    published: {
      macsAtBusiestReplica: ({ faults }) => 2 * rounds + 8 * faults,
      source: "Q/U's 2 + 8f (Zyzzyva, SOSP 2007, Table 1) and a read's request and reply: no table lists R/CW",
    },
  };
}

type Forms = Omit<CostModel, 'published' | 'query'>;

/** A query is the read alone, which always asks: its request verified, its reply made. The authenticator was made with the last write's reply. */
const READ: OperationCosts = {
  macsAtBusiestReplica: () => 2,
  messagesAtBusiestReplica: () => 2,
  messagesInAll: ({ faults }) => 2 * (4 * faults + 1),
};

const UNKNOWN: OperationCosts = {
  macsAtBusiestReplica: () => undefined,
  messagesAtBusiestReplica: () => undefined,
  messagesInAll: () => undefined,
};

function preferred(rounds: number): Forms {
  return {
    macsAtBusiestReplica: ({ faults }) => 2 * rounds + 8 * faults,
    messagesAtBusiestReplica: () => 2 * rounds,
    messagesInAll: ({ faults }) => 2 * rounds * (4 * faults + 1),
    oneWayLatencies: 2 * rounds,
  };
}

/** Reads and writes go to quorums of their own: replicas miss versions, and some handle more reads than writes. Latencies: with a fetch. */
function drawn(rounds: number): Forms {
  return { ...UNKNOWN, oneWayLatencies: 2 * rounds + 2 };
}

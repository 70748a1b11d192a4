import type { CostModel, CostParameters } from '../kernel/protocol.ts';
import type { QuOptions } from './options.ts';

type CostOptions = Pick<QuOptions, 'preferredQuorum' | 'cachedHistorySet'>;

/**
 * Per update, failure-free, no contention, at a replica of the object's preferred quorum: one request verified; the entries of the 4b other
 * quorum members' authenticators verified; an authenticator for those 4b made; one reply made. [ZYZ] Table 1 says the same.
 * Messages: that request and that reply. Of the other options none changes these counts without contention: repairs and back-off do not
 * occur, queries are no updates, and an unpruned history is longer but no less a single one.
 */
export function quCostModel(options: CostOptions): CostModel {
  const { macsAtBusiestReplica, messagesAtBusiestReplica, messagesInAll, oneWayLatencies } = formsUnder(options);
  return {
    macsAtBusiestReplica,
    messagesAtBusiestReplica,
    messagesInAll,
    published: { macsAtBusiestReplica: ({ faults }) => 2 + 8 * faults, source: 'Zyzzyva (SOSP 2007), Table 1' },
    oneWayLatencies,
  };
}

type Forms = Omit<CostModel, 'published'>;

function formsUnder({ preferredQuorum, cachedHistorySet }: CostOptions): Forms {
  if (preferredQuorum) return cachedHistorySet ? CACHED : UNCACHED;
  return cachedHistorySet ? DRAWN : UNCACHED_AND_DRAWN;
}

const CACHED: Forms = {
  macsAtBusiestReplica: ({ faults }) => 2 + 8 * faults,
  messagesAtBusiestReplica: () => 2,
  messagesInAll: ({ faults }) => 2 * (4 * faults + 1),
  oneWayLatencies: 2,
};

/** A round that asks for the histories comes first: a request verified and a reply made more. The authenticator was made with the history. */
const UNCACHED: Forms = {
  macsAtBusiestReplica: ({ faults }) => 4 + 8 * faults,
  messagesAtBusiestReplica: () => 4,
  messagesInAll: ({ faults }) => 4 * (4 * faults + 1),
  oneWayLatencies: 4,
};

/**
 * Members of a quorum that were not in the one before, if both are drawn from n = 5b+1 replicas: |Q| · b/n on average. Each has missed
 * the version and asks all |Q| replicas of the quorum before.
 */
function missing({ faults }: CostParameters): number {
  return ((4 * faults + 1) * faults) / (5 * faults + 1);
}

/**
 * On average, as quorums are drawn at random. Whoever is asked next is not known, so authenticators cover all 5b others, and the client has
 * a history of each of them: 5b entries made, 5b verified. With probability b/n the replica has to fetch the version: |Q| requests made, b+1 answers
 * verified, and the 5b entries once more when it goes on with the update: 10b+2 = 2n, on average 2b. It was asked itself, in the round before, by as many as miss a version: a request verified and an answer made for each.
 */
const DRAWN: Forms = {
  macsAtBusiestReplica: (parameters) => 2 + 12 * parameters.faults + 2 * missing(parameters),
  // As many messages for versions that it misses as for those that others do.
  messagesAtBusiestReplica: (parameters) => 2 + 4 * missing(parameters),
  messagesInAll: (parameters) => 2 * (4 * parameters.faults + 1) * (1 + missing(parameters)),
  oneWayLatencies: 4,
};

/**
 * A drawn quorum shows what another has completed as incomplete: how many repairs follow depends on what is drawn for each. Latencies: the
 * histories, one repair, the update.
 */
const UNCACHED_AND_DRAWN: Forms = {
  macsAtBusiestReplica: () => undefined,
  messagesAtBusiestReplica: () => undefined,
  messagesInAll: () => undefined,
  oneWayLatencies: 6,
};

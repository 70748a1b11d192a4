import type { CostModel, CostParameters, OperationCosts } from '../kernel/protocol.ts';
import type { Service } from '../kernel/service.ts';
import type { QuOptions } from './options.ts';

type CostOptions = Pick<QuOptions, 'preferredQuorum' | 'cachedHistorySet' | 'optimisticQuery'>;

/**
 * Per update, failure-free, no contention, at a replica of the object's preferred quorum: one request verified; the entries of the 4b other
 * quorum members' authenticators verified; an authenticator for those 4b made; one reply made. [ZYZ] Table 1 says the same.
 * Messages: that request and that reply. Of the other options none changes these counts without contention: repairs and back-off do not
 * occur, queries are no updates, and an unpruned history is longer but no less a single one. An update of k objects that have one preferred quorum takes
 * as many messages, and 2+8bk MACs; how many objects the updates of a service have on average, nobody says.
 */
export function quCostModel(options: CostOptions, { locality }: Pick<Service, 'locality'> = {}): CostModel {
  const { macsAtBusiestReplica, messagesAtBusiestReplica, messagesInAll, oneWayLatencies } = formsUnder(options);
  return {
    macsAtBusiestReplica: locality === undefined ? macsAtBusiestReplica : () => undefined,
    messagesAtBusiestReplica,
    messagesInAll,
    query: queryFormsUnder(options),
    published: { macsAtBusiestReplica: ({ faults }) => 2 + 8 * faults, source: 'Zyzzyva (SOSP 2007), Table 1' },
    oneWayLatencies,
  };
}

type Forms = Omit<CostModel, 'published' | 'query'>;

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

/**
 * Per query, failure-free, no contention, at a replica of the quorum that is asked; in any mix with updates. An authenticator is made with the reply to
 * the update that changed the history, for those whom the query then covers as well: of a query's reply only the tag is new. The first reply of
 * all for an object that nobody has updated makes the entries of its initial history, once.
 */
function queryFormsUnder({ preferredQuorum, cachedHistorySet, optimisticQuery }: CostOptions): OperationCosts {
  if (optimisticQuery) return preferredQuorum || cachedHistorySet ? OPTIMISTIC : UNKNOWN;
  if (!preferredQuorum) return UNKNOWN;
  return cachedHistorySet ? CONDITIONED : CONDITIONED_UNCACHED;
}

/**
 * The query verified and the reply made. It brings no history set whose entries were to be verified. Of a quorum drawn at random at least 3b+1 hold the newest
 * version, and that it is complete the client knows from its update: one round is enough there too.
 */
const OPTIMISTIC: OperationCosts = {
  macsAtBusiestReplica: () => 2,
  messagesAtBusiestReplica: () => 2,
  messagesInAll: ({ faults }) => 2 * (4 * faults + 1),
};

/** The history set comes with the query: the entries of the 4b other quorum members verified beside it and the reply. */
const CONDITIONED: OperationCosts = {
  macsAtBusiestReplica: ({ faults }) => 2 + 4 * faults,
  messagesAtBusiestReplica: () => 2,
  messagesInAll: ({ faults }) => 2 * (4 * faults + 1),
};

/** A history query comes first: verified, and answered. */
const CONDITIONED_UNCACHED: OperationCosts = {
  macsAtBusiestReplica: ({ faults }) => 4 + 4 * faults,
  messagesAtBusiestReplica: () => 4,
  messagesInAll: ({ faults }) => 4 * (4 * faults + 1),
};

/**
 * Of drawn quorums. Conditioned, a query has replicas fetch the version if they missed it, but only once: what it costs depends on how many
 * queries have followed the update. With nothing cached, a drawn quorum shows as incomplete what another has completed, and repairs follow.
 */
const UNKNOWN: OperationCosts = {
  macsAtBusiestReplica: () => undefined,
  messagesAtBusiestReplica: () => undefined,
  messagesInAll: () => undefined,
};

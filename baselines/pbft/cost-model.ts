import { FIRST_CLIENT } from '../../src/kernel/identifiers.ts';
import type { CostModel, CostParameters, OperationCosts } from '../../src/kernel/protocol.ts';
import type { Service } from '../../src/kernel/service.ts';
import { encodeRequest } from '../../src/wire/request.ts';
import type { Options } from './options.ts';

/**
 * MACs at a replica, failure-free, B requests a batch; the same at the primary and at a backup:
 *
 * - a request: its client's tag verified, the reply's made: 2;
 * - a batch at the primary: 3f made for PRE-PREPARE, 2f PREPAREs verified, 3f made for COMMIT, 2f COMMITs verified: 10f;
 * - a batch at a backup: PRE-PREPARE verified, 3f made for PREPARE, 2f − 1 PREPAREs of others verified, 3f made for COMMIT, 2f COMMITs
 *   verified: 10f. Votes beyond a certificate are dropped unverified;
 * - a checkpoint every K batches: 3f made, 2f verified: 5f.
 *
 * Zyzzyva's Table 1 states 8f+1 for a batch; the form here counts what this implementation does, which is exact.
 */
function macs({ faults, batch }: CostParameters, checkpointInterval: number): number {
  return 2 + (10 * faults) / batch + (5 * faults) / (checkpointInterval * batch);
}

/**
 * Messages at the primary, which has the client's request beside what a backup has: the request, the reply; for a batch 3f PRE-PREPAREs sent, 3f
 * PREPAREs received, 3f COMMITs sent and 3f received; every K batches 3f CHECKPOINTs sent and 3f received.
 */
function messagesAtPrimary({ faults, batch }: CostParameters, checkpointInterval: number): number {
  return 2 + (12 * faults) / batch + (6 * faults) / (checkpointInterval * batch);
}

/**
 * Messages in all: the request, n replies; for a batch 3f PRE-PREPAREs, 3f · 3f PREPAREs, (3f+1) · 3f COMMITs; every K batches (3f+1) · 3f
 * CHECKPOINTs.
 */
function messages({ faults, batch }: CostParameters, checkpointInterval: number): number {
  const backups = 3 * faults;
  const allToAll = (backups + 1) * backups;
  return 1 + (backups + 1) + (backups + backups * backups + allToAll + allToAll / checkpointInterval) / batch;
}

/** A query that is not ordered: at each of n replicas its client's tag verified and the reply's made, the query received and the reply sent. */
const unordered: OperationCosts = {
  macsAtBusiestReplica: () => 2,
  messagesAtBusiestReplica: () => 2,
  messagesInAll: ({ faults }) => 2 * (3 * faults + 1),
};

/** Bytes of an update as a load asks for it, under a name of middling length; a client's number takes up to nine. */
function requestBytes(service: Service): number {
  return encodeRequest(FIRST_CLIENT, 2 ** 32, service.operations('object-000000', () => 0.5).next('update')).length;
}

/** Tentative execution changes when an answer is sent, not how many are. */
export function costModel(
  { checkpointInterval, tentative, readOnly, separateRequestBytes }: Options,
  service: Service,
): CostModel {
  // The client of a large request sends it to all n replicas instead of one; the tag that a backup then verifies it need not verify in the batch.
  const separate = requestBytes(service) > separateRequestBytes;
  const ordered: OperationCosts = {
    macsAtBusiestReplica: (parameters) => macs(parameters, checkpointInterval),
    messagesAtBusiestReplica: (parameters) => messagesAtPrimary(parameters, checkpointInterval),
    messagesInAll: (parameters) => messages(parameters, checkpointInterval) + (separate ? 3 * parameters.faults : 0),
  };
  return {
    ...ordered,
    query: readOnly ? unordered : ordered,
    published: {
      macsAtBusiestReplica: ({ faults, batch }) => 2 + (8 * faults + 1) / batch,
      source: 'Kotla et al., Zyzzyva, SOSP 2007, Table 1',
    },
    // Request, PRE-PREPARE, PREPARE, reply; without tentative execution COMMIT before the reply.
    oneWayLatencies: tentative ? 4 : 5,
  };
}

import type { ClientId } from '../kernel/identifiers.ts';
import { type Classification, repairedCandidate } from './classification.ts';
import { timestampOf } from './replica-history.ts';
import {
  CandidateKind,
  INITIAL_TIMESTAMP,
  makeTimestamp,
  NO_OPERATION,
  operationDigestOf,
  TIMESTAMP_BYTES,
  type Timestamp,
  timeOf,
} from './timestamp.ts';

/** Candidate that an operation stands for: its timestamp, and the one that it is conditioned on. */
export interface Setup {
  readonly timestamp: Timestamp;
  readonly conditionedOn: Timestamp;
}

/** New timestamps are written here: a replica compares one with the request's and is done with it, a client copies it. */
const derived = new Uint8Array(TIMESTAMP_BYTES);

/**
 * Derives an operation's candidate from the classified history set [QU §3.3, Figure 5]; client and replica do it alike. The
 * result is valid until the next call. `setDigest` gives the history-set digest for a conditioned-on timestamp and is called only
 * where a new timestamp is made.
 */
export function setUp(
  classification: Classification,
  client: ClientId,
  operationDigest: Uint8Array,
  setDigest: (conditionedOn: Timestamp) => Uint8Array,
): Setup {
  switch (classification.type) {
    case 'inlineMethod':
    case 'inlineBarrier':
      return repairedCandidate(classification.candidate);
    case 'method': {
      const conditionedOn = timestampOf(classification.conditionedOn);
      return create(conditionedOn, conditionedOn, operationDigest, CandidateKind.version);
    }
    case 'copy': {
      const conditionedOn = timestampOf(classification.conditionedOn);
      return create(
        timestampOf(classification.barrier),
        conditionedOn,
        operationDigestOf(conditionedOn),
        CandidateKind.version,
      );
    }
    case 'barrier': {
      const { conditionedOn } = classification;
      const base = conditionedOn === undefined ? INITIAL_TIMESTAMP : timestampOf(conditionedOn);
      return create(classification.latestTime, base, NO_OPERATION, CandidateKind.barrier);
    }
  }

  function create(latestTime: Timestamp, conditionedOn: Timestamp, digest: Uint8Array, kind: CandidateKind): Setup {
    const historySetDigest = setDigest(conditionedOn);
    const time = timeOf(latestTime) + 1;
    const fields = { time, kind, client, operationDigest: digest, historySetDigest };
    return { timestamp: makeTimestamp(fields, derived), conditionedOn };
  }
}

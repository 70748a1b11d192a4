import type { ClientId } from '../kernel/identifiers.ts';
import { type Classification, repairedCandidate } from './classification.ts';
import { timestampOf } from './replica-history.ts';
import {
  INITIAL_TIMESTAMP,
  isBarrier,
  makeTimestamp,
  NO_OPERATION,
  operationDigestOf,
  type Timestamp,
  timeOf,
} from './timestamp.ts';

/** Candidate that an operation stands for: its timestamp, and the one that it is conditioned on. */
export interface Setup {
  readonly timestamp: Timestamp;
  readonly conditionedOn: Timestamp;
}

/**
 * Derives an operation's candidate from the classified history set [QU §3.3, Figure 5]; client and replica do it alike.
 * `setDigest` gives the history-set digest for a conditioned-on timestamp and is called only where a new timestamp is made.
 */
export function setUp(
  classification: Classification,
  client: ClientId,
  operationDigest: Uint8Array,
  setDigest: (conditionedOn: Timestamp) => Uint8Array,
): Setup {
  const repaired = repairedCandidate(classification);
  if (repaired !== undefined) return repaired;
  switch (classification.type) {
    case 'method':
      return create(classification.latestTime, timestampOf(classification.conditionedOn), operationDigest);
    case 'copy': {
      const conditionedOn = timestampOf(classification.conditionedOn);
      return create(timestampOf(classification.barrier), conditionedOn, operationDigestOf(conditionedOn));
    }
    case 'barrier': {
      const { conditionedOn } = classification;
      const base = conditionedOn === undefined ? INITIAL_TIMESTAMP : timestampOf(conditionedOn);
      return create(classification.latestTime, base, NO_OPERATION, true);
    }
    default:
      throw new Error(`an inline repair (${classification.type}) keeps its candidate`);
  }

  function create(latestTime: Timestamp, conditionedOn: Timestamp, digest: Uint8Array, barrier = false): Setup {
    const historySetDigest = setDigest(conditionedOn);
    const time = timeOf(latestTime) + 1;
    const timestamp = makeTimestamp({ time, barrier, client, operationDigest: digest, historySetDigest });
    return { timestamp, conditionedOn };
  }
}

/** Whether this candidate's operation leaves no version behind. */
export function isBarrierSetup(setup: Setup): boolean {
  return isBarrier(setup.timestamp);
}

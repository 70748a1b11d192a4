import type { Authentication } from '../../kernel/authentication.ts';
import type { ClientId } from '../../kernel/identifiers.ts';
import { copyOf } from '../../wire/bytes.ts';
import { historySetDigest, type ObjectHistorySet } from '../history-set.ts';
import { conditionedOnOf, timestampOf } from '../replica-history.ts';
import { CandidateKind, INITIAL_TIMESTAMP, makeTimestamp, NO_OPERATION, type Timestamp, timeOf } from '../timestamp.ts';
import { jointDigest } from './binding.ts';
import type { GroupClassification } from './classification.ts';
import { historiesDigest } from './digests.ts';

/** A set with the digests of its different histories. */
export interface DigestedSet {
  readonly set: ObjectHistorySet;
  readonly digests: readonly Uint8Array[];
}

/** The candidate that a joint operation stands for: one timestamp, and what it is conditioned on in each object. */
export interface JointSetup {
  readonly timestamp: Timestamp;
  readonly conditionedOn: readonly Timestamp[];
}

/**
 * Derives a joint operation's candidate from the classified history sets; client and replica do it alike. Its time is one more than the latest of
 * all objects; its history-set digest covers the sets of all, so that no two operations, and no two groups, share a timestamp. Undefined for
 * an open group.
 */
export function setUpJoint(
  classification: GroupClassification,
  client: ClientId,
  objects: readonly string[],
  operationDigest: Uint8Array,
  sets: readonly DigestedSet[],
  authentication: Authentication,
): JointSetup | undefined {
  switch (classification.type) {
    case 'open':
      return undefined;
    case 'inlineMethod': {
      const [first] = classification.candidates;
      if (first === undefined) return undefined;
      return { timestamp: timestampOf(first), conditionedOn: classification.candidates.map(conditionedOnOf) };
    }
    case 'method': {
      const conditionedOn = classification.conditionedOn.map(timestampOf);
      return create(conditionedOn, conditionedOn, operationDigest, CandidateKind.jointMethod);
    }
    case 'copy': {
      const conditionedOn = classification.conditionedOn.map(timestampOf);
      const digest = jointDigest(authentication, { objects, requestDigest: NO_OPERATION });
      return create(classification.barriers.map(timestampOf), conditionedOn, digest, CandidateKind.jointCopy);
    }
    case 'barrier': {
      const conditionedOn = classification.conditionedOn.map((candidate) =>
        candidate === undefined ? INITIAL_TIMESTAMP : timestampOf(candidate),
      );
      return create([classification.latestTime], conditionedOn, NO_OPERATION, CandidateKind.barrier);
    }
  }

  function create(
    latest: readonly Timestamp[],
    conditionedOn: readonly Timestamp[],
    digest: Uint8Array,
    kind: CandidateKind,
  ): JointSetup {
    const time = 1 + Math.max(...latest.map(timeOf));
    const each = sets.map(({ set, digests }, index) =>
      historySetDigest(authentication, set, digests, conditionedOn[index]),
    );
    const historySetsDigest = historiesDigest(authentication, each);
    const timestamp = makeTimestamp({
      time,
      kind,
      client,
      operationDigest: digest,
      historySetDigest: historySetsDigest,
    });
    return { timestamp, conditionedOn: conditionedOn.map(copyOf) };
  }
}

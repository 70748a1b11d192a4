import { FIRST_CLIENT } from '../../kernel/identifiers.ts';
import type { WeighedHistory } from '../classification.ts';
import {
  CANDIDATE_BYTES,
  type Candidate,
  INITIAL_CANDIDATE,
  makeCandidate,
  type ReplicaHistory,
  timestampOf,
} from '../replica-history.ts';
import { CandidateKind, makeTimestamp, NO_OPERATION } from '../timestamp.ts';

/** A digest that a reader can tell apart. */
export function digestOf(text: string): Uint8Array {
  const digest = new Uint8Array(32);
  digest.set(new TextEncoder().encode(text).subarray(0, 32));
  return digest;
}

/** A version candidate at `time` made by `client` (counted from 0), conditioned on `on`. */
export function versionCandidate(
  time: number,
  on: Candidate = INITIAL_CANDIDATE,
  client = 0,
  operation = 'op',
): Candidate {
  const timestamp = makeTimestamp({
    time,
    kind: CandidateKind.version,
    client: FIRST_CLIENT + client,
    operationDigest: digestOf(operation),
    historySetDigest: digestOf(`set ${time} ${client}`),
  });
  return makeCandidate(timestamp, timestampOf(on));
}

export function barrierCandidate(time: number, on: Candidate = INITIAL_CANDIDATE, client = 0): Candidate {
  const timestamp = makeTimestamp({
    time,
    kind: CandidateKind.barrier,
    client: FIRST_CLIENT + client,
    operationDigest: NO_OPERATION,
    historySetDigest: digestOf(`set ${time} ${client}`),
  });
  return makeCandidate(timestamp, timestampOf(on));
}

export function historyOf(...candidates: readonly Candidate[]): ReplicaHistory {
  const history = new Uint8Array(candidates.length * CANDIDATE_BYTES);
  for (const [index, candidate] of candidates.entries()) history.set(candidate, index * CANDIDATE_BYTES);
  return history;
}

/** `weight` replicas that hold these candidates. */
export function held(weight: number, ...candidates: readonly Candidate[]): WeighedHistory {
  return { weight, history: historyOf(...candidates) };
}

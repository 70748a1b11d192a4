/**
 * Who takes part. Replicas are numbered 0 … n−1, clients FIRST_CLIENT, FIRST_CLIENT + 1, …, in one space of
 * numbers, so that one address names any participant and every pair of participants shares one pair of keys.
 */
export type ParticipantId = number;
export type ReplicaId = ParticipantId;
export type ClientId = ParticipantId;

export const FIRST_CLIENT: ClientId = 0x1000;
/** Participant numbers fit in 32 bits on the wire. */
export const LAST_PARTICIPANT: ParticipantId = 0xffff_ffff;

export function isReplica(participant: ParticipantId, replicaCount: number): participant is ReplicaId {
  return participant < replicaCount;
}

export function isClient(participant: ParticipantId): participant is ClientId {
  return participant >= FIRST_CLIENT;
}

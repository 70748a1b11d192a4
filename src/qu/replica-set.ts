import type { ReplicaId } from '../kernel/identifiers.ts';

/** A set of replicas as a bit map, little-endian: replica i is bit i mod 8 of byte i div 8. */
export type ReplicaSet = Uint8Array;

export function replicaSetBytes(replicas: number): number {
  return Math.ceil(replicas / 8);
}

export function replicaSet(members: Iterable<ReplicaId>, replicas: number): ReplicaSet {
  const set = new Uint8Array(replicaSetBytes(replicas));
  for (const replica of members) addReplica(set, replica);
  return set;
}

/** Replicas that a round goes to, in the order in which it does, and as a set. */
export interface Quorum {
  readonly members: readonly ReplicaId[];
  readonly set: ReplicaSet;
}

export function makeQuorum(members: readonly ReplicaId[], replicas: number): Quorum {
  return { members, set: replicaSet(members, replicas) };
}

export function includesReplica(set: ReplicaSet, replica: ReplicaId): boolean {
  return ((set[replica >> 3] ?? 0) & (1 << (replica & 7))) !== 0;
}

export function addReplica(set: ReplicaSet, replica: ReplicaId): void {
  set[replica >> 3] = (set[replica >> 3] ?? 0) | (1 << (replica & 7));
}

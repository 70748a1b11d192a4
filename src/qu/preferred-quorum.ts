import type { ReplicaId } from '../kernel/identifiers.ts';

/**
 * The replicas that an object's operations go to first [QU §3.5]: a run of neighbours on the ring of replicas that begins where the
 * object's name falls. All clients choose alike, so the same replicas hold the same versions and need no syncing; objects spread over
 * all replicas. Suspected replicas are passed over as long as enough others are left.
 */
export function chooseQuorum(
  object: string,
  replicas: number,
  quorum: number,
  isSuspected: (replica: ReplicaId) => boolean,
): ReplicaId[] {
  const first = ringPosition(object, replicas);
  const ring = Array.from({ length: replicas }, (_, step) => (first + step) % replicas);
  const trusted = ring.filter((replica) => !isSuspected(replica));
  const doubted = ring.filter(isSuspected);
  return [...trusted, ...doubted].slice(0, quorum);
}

/** A quorum drawn at random, each as likely as any other, with suspected replicas only where too few others are left. */
export function drawQuorum(
  replicas: number,
  quorum: number,
  isSuspected: (replica: ReplicaId) => boolean,
  random: () => number,
): ReplicaId[] {
  const left = Array.from({ length: replicas }, (_, replica) => replica);
  const drawn: ReplicaId[] = [];
  while (left.length > 0) drawn.push(...left.splice(Math.floor(random() * left.length), 1));
  const trusted = drawn.filter((replica) => !isSuspected(replica));
  return [...trusted, ...drawn.filter(isSuspected)].slice(0, quorum);
}

/** FNV-1a with a final mix: names that differ in their last digit only must fall far apart. */
function ringPosition(object: string, replicas: number): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < object.length; i++) hash = Math.imul(hash ^ object.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  hash ^= hash >>> 13;
  return (hash >>> 0) % replicas;
}

import type { CachedHistorySet } from '../cached-history-set.ts';
import type { Thresholds } from '../classification.ts';
import type { ReplicaSet } from '../replica-set.ts';
import { operationDigestOf } from '../timestamp.ts';
import { type Bindings, MOST_JOINT_OBJECTS } from './binding.ts';
import { unsettledJoint } from './classification.ts';

/** What a client knows when it looks for the objects that a repair must be about. */
export interface Knowledge {
  readonly bindings: Bindings;
  readonly thresholds: Thresholds;
  /** Replicas whose histories count as unknown. */
  readonly leftOut: ReplicaSet | undefined;
  cacheFor(object: string): CachedHistorySet;
}

export interface Closure {
  readonly caches: readonly CachedHistorySet[];
  /** Whether there may be more, as nobody has said what a joint candidate is about, or there are too many for one repair. */
  readonly isOpen: boolean;
}

/** These objects, and all that the joint candidates of theirs are about that may be unfinished. */
export function closureOf(start: readonly CachedHistorySet[], knowledge: Knowledge): Closure {
  const caches = [...start];
  let isOpen = false;
  // Grows while it is gone through.
  for (const cache of caches) {
    const tied = tiedTo(cache, knowledge);
    isOpen ||= tied === undefined;
    for (const other of tied ?? []) if (!caches.includes(other)) caches.push(other);
    if (caches.length > MOST_JOINT_OBJECTS) return { caches: start, isOpen: true };
  }
  // In one order whoever repairs them, so that copies of one group have one binding.
  caches.sort((a, b) => (a.object < b.object ? -1 : 1));
  return { caches, isOpen };
}

/** What the unsettled joint candidates of an object are about; undefined if that is not known of one of them. */
function tiedTo(
  cache: CachedHistorySet,
  { bindings, thresholds, leftOut, cacheFor }: Knowledge,
): ReadonlySet<CachedHistorySet> | undefined {
  const tied = new Set<CachedHistorySet>();
  for (const timestamp of unsettledJoint(cache.weighed(leftOut), thresholds)) {
    const binding = bindings.of(operationDigestOf(timestamp));
    if (binding === undefined) return undefined;
    for (const object of binding.objects) tied.add(cacheFor(object));
  }
  return tied;
}

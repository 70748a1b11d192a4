import { at, type OperationLog } from './operation-log.ts';
import { place } from './write-order.ts';

/** What is known of the order of one object's operations, given that they are in order by themselves (see write-order.ts). */
export interface ObjectTimeline {
  /**
   * Entries of the log, those of one place together, in the order of places: a write alone, reads of one value together. An empty group stands where
   * writes are missing, which operations of unknown outcome made.
   */
  readonly groups: readonly (readonly number[])[];
  /** Of the empty groups; undefined if there is none. */
  readonly gaps: { readonly first: number; readonly last: number } | undefined;
  /** Entries of the writes of unknown outcome. */
  readonly unknown: readonly number[];
  /** As many writes are missing as have no known outcome: each of those was carried out, in one of the gaps. */
  readonly allCarriedOut: boolean;
}

export function objectTimeline(log: OperationLog, entries: readonly number[]): ObjectTimeline {
  const placed = entries.filter((entry) => !Number.isNaN(at(log.completedUs, entry)));
  const unknown = entries.filter((entry) => Number.isNaN(at(log.completedUs, entry)) && at(log.read, entry) === 0);
  placed.sort((a, b) => place(log, a) - place(log, b));
  const groups: number[][] = [];
  const gaps: number[] = [];
  let missing = 0;
  let writes = 0;
  let lastPlace = -1;
  for (const entry of placed) {
    const value = at(log.value, entry);
    const writesBefore = at(log.read, entry) === 0 ? value - 1 : value;
    if (writesBefore > writes) {
      missing += writesBefore - writes;
      gaps.push(groups.length);
      groups.push([]);
    }
    writes = value;
    if (place(log, entry) === lastPlace) groups.at(-1)?.push(entry);
    else groups.push([entry]);
    lastPlace = place(log, entry);
  }
  const [first, last] = [gaps[0], gaps.at(-1)];
  return {
    groups,
    gaps: first === undefined || last === undefined ? undefined : { first, last },
    unknown,
    allCarriedOut: missing > 0 && missing === unknown.length,
  };
}

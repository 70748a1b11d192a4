import type { Handle } from './handle.ts';

/** One name in a directory. */
export interface Entry extends Handle {
  readonly name: string;
}

/** Of one directory, ascending by name as JavaScript compares strings, no name twice: equal directories are equal bytes. */
export type Entries = readonly Entry[];

export function findEntry(entries: Entries, name: string): Entry | undefined {
  const entry = entries[placeOf(entries, name)];
  return entry?.name === name ? entry : undefined;
}

/** With the name meaning this object, whatever it meant before. */
export function withEntry(entries: Entries, name: string, { object, generation }: Handle): Entries {
  const place = placeOf(entries, name);
  const after = entries[place]?.name === name ? place + 1 : place;
  return [...entries.slice(0, place), { name, object, generation }, ...entries.slice(after)];
}

export function withoutEntry(entries: Entries, name: string): Entries {
  return entries.filter((entry) => entry.name !== name);
}

/** Of the first entry whose name is not less. */
function placeOf(entries: Entries, name: string): number {
  let [low, high] = [0, entries.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((entries[middle]?.name ?? '') < name) low = middle + 1;
    else high = middle;
  }
  return low;
}

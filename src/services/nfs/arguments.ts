import { Limit } from '../../wire/limits.ts';
import type { FieldReader } from '../../wire/packing.ts';

const MOST = Number.MAX_SAFE_INTEGER;

/** Fields that arguments have in common; the methods say which make up theirs, `requests.ts` puts them together. */
export function readGeneration(fields: FieldReader): number {
  return fields.integer(MOST);
}

/** What the client gives as the time of its operation. */
export function readTime(fields: FieldReader): number {
  return fields.integer(MOST);
}

/** Any string: a name that is too long has a status of its own. */
export function readName(fields: FieldReader): string {
  return fields.string(Limit.argumentBytes);
}

/** A name in a directory of this generation, and when it is to be changed. */
export interface Change {
  readonly generation: number;
  readonly time: number;
  readonly name: string;
}

export function readChange(fields: FieldReader): Change {
  return { generation: readGeneration(fields), time: readTime(fields), name: readName(fields) };
}

import type { Field, FieldReader } from '../../wire/packing.ts';

const MOST = Number.MAX_SAFE_INTEGER;
const MOST_32 = 0xffff_ffff;
/** Permission bits, with set-user-ID, set-group-ID and sticky. */
const MOST_MODE = 0o7777;
/** Hard links to a file; of a directory, its subdirectories and two. */
export const MOST_LINKS = 32_000;

/** What clients can set. Nothing is made of owner and permissions: the service checks no access. */
export interface SettableAttributes {
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Bytes; the service keeps no contents, so this is what clients say. */
  readonly size: number;
  /** Times are what clients send along, whole numbers in a unit of their choice: replicas have no clock in common. */
  readonly atime: number;
  readonly mtime: number;
}

/** Attributes of a file or directory, after RFC 1813's fattr3. */
export interface Attributes extends SettableAttributes {
  /** Of a directory: 2 and one for each subdirectory. */
  readonly nlink: number;
  readonly ctime: number;
}

export type FirstAttributes = Pick<SettableAttributes, 'mode' | 'uid' | 'gid'>;

export function newAttributes({ mode, uid, gid }: FirstAttributes, nlink: number, time: number): Attributes {
  return { mode, uid, gid, size: 0, atime: time, mtime: time, nlink, ctime: time };
}

/** After a change of what a directory contains or a file is made of. */
export function modified(attributes: Attributes, time: number): Attributes {
  return { ...attributes, mtime: time, ctime: time };
}

export function attributeFields({ mode, uid, gid, size, atime, mtime, nlink, ctime }: Attributes): Field[] {
  return [mode, uid, gid, size, atime, mtime, nlink, ctime];
}

export function readAttributes(fields: FieldReader): Attributes {
  const [mode, uid, gid] = [fields.integer(MOST_MODE), fields.integer(MOST_32), fields.integer(MOST_32)];
  const [size, atime, mtime] = [fields.integer(MOST), fields.integer(MOST), fields.integer(MOST)];
  const [nlink, ctime] = [fields.integer(MOST_LINKS), fields.integer(MOST)];
  return { mode, uid, gid, size, atime, mtime, nlink, ctime };
}

export function readFirstAttributes(fields: FieldReader): FirstAttributes {
  const mode = fields.integer(MOST_MODE);
  return { mode, uid: fields.integer(MOST_32), gid: fields.integer(MOST_32) };
}

/** In the order of the bits that say in a setattr's argument which of them follow. */
const settable: readonly (readonly [name: keyof SettableAttributes, most: number])[] = [
  ['mode', MOST_MODE],
  ['uid', MOST_32],
  ['gid', MOST_32],
  ['size', MOST],
  ['atime', MOST],
  ['mtime', MOST],
];

export function changeFields(changes: Partial<SettableAttributes>): Field[] {
  let given = 0;
  const values: number[] = [];
  for (const [bit, [name]] of settable.entries()) {
    const value = changes[name];
    if (value === undefined) continue;
    given |= 1 << bit;
    values.push(value);
  }
  return [given, ...values];
}

export function readChanges(fields: FieldReader): Partial<SettableAttributes> {
  const given = fields.integer((1 << settable.length) - 1);
  const chosen = settable.filter((_, bit) => (given & (1 << bit)) !== 0);
  return Object.fromEntries(chosen.map(([name, most]) => [name, fields.integer(most)]));
}

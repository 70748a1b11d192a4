import { copyOf } from '../../wire/bytes.ts';
import { Limit } from '../../wire/limits.ts';
import { decoding, type Field, type FieldReader, MalformedMessage, pack } from '../../wire/packing.ts';
import { type Attributes, attributeFields, newAttributes, readAttributes } from './attributes.ts';
import type { Entries, Entry } from './entries.ts';
import { type Handle, isRoot, ROOT_GENERATION } from './handle.ts';

/** Of a directory's state, encoded. */
export const MOST_DIRECTORY_BYTES = 64 * 1024;
/** Leaves room for one more. */
const MOST_COUNT = Number.MAX_SAFE_INTEGER - 1;
/** UTF-8; that many UTF-16 units are enough for them. */
export const MOST_NAME_BYTES = 255;

const KINDS = ['free', 'file', 'directory'] as const;

interface Common extends Handle {
  /** How often the object was written, over all its generations. Tells a history check the order of what happened to it. */
  readonly version: number;
}

/** Not in use: never was, or was removed. */
export interface FreeInode extends Common {
  readonly type: 'free';
}

export interface FileInode extends Common {
  readonly type: 'file';
  readonly attributes: Attributes;
}

export interface DirectoryInode extends Common {
  readonly type: 'directory';
  readonly attributes: Attributes;
  readonly entries: Entries;
}

/** What an object's state says. Every state holds its object's name, by which operations see which objects they were given. */
export type Inode = FreeInode | FileInode | DirectoryInode;
export type UsedInode = FileInode | DirectoryInode;

/** A root is an empty directory from the beginning, every other object is free. */
export function initialInode(object: string): Inode {
  if (!isRoot(object)) return { type: 'free', object, generation: 0, version: 0 };
  const attributes = newAttributes({ mode: 0o755, uid: 0, gid: 0 }, 2, 0);
  return { type: 'directory', object, generation: ROOT_GENERATION, version: 0, attributes, entries: [] };
}

export function encodeInode(inode: Inode): Uint8Array {
  const { object, version, generation, type } = inode;
  const fields: Field[] = [object, version, generation, KINDS.indexOf(type)];
  if (inode.type !== 'free') fields.push(...attributeFields(inode.attributes));
  if (inode.type === 'directory') fields.push(...entryFields(inode.entries));
  // What is packed shares a larger buffer, and states are kept.
  return copyOf(pack(fields));
}

/** Undefined if these bytes are no state of this service. */
export function decodeInode(state: Uint8Array): Inode | undefined {
  return decoding(state, (fields) => {
    const object = fields.string(Limit.objectNameLength);
    const version = fields.integer(MOST_COUNT);
    const generation = fields.integer(MOST_COUNT);
    const type = KINDS[fields.integer(KINDS.length - 1)] ?? 'free';
    if (type === 'free') {
      fields.end();
      return { type, object, version, generation };
    }
    const attributes = readAttributes(fields);
    if (attributes.nlink < (type === 'file' ? 1 : 2)) throw new MalformedMessage('link count');
    if (type === 'directory') return { type, object, version, generation, attributes, entries: readEntries(fields) };
    fields.end();
    return { type, object, version, generation, attributes };
  });
}

export function entryFields(entries: Entries): Field[] {
  const fields: Field[] = [];
  for (const { name, object, generation } of entries) fields.push(name, object, generation);
  return fields;
}

/** Takes all fields that are left. */
export function readEntries(fields: FieldReader): Entries {
  const entries: Entry[] = [];
  while (fields.remaining > 0) {
    const name = fields.string(MOST_NAME_BYTES);
    const object = fields.string(Limit.objectNameLength);
    entries.push({ name, object, generation: fields.integer(MOST_COUNT) });
  }
  return entries;
}

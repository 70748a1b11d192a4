import { copyOf } from '../../wire/bytes.ts';
import { Limit } from '../../wire/limits.ts';
import { decoding, type Field, type FieldReader, MalformedMessage, pack } from '../../wire/packing.ts';
import { type Attributes, attributeFields, readAttributes } from './attributes.ts';
import type { Entries } from './entries.ts';
import type { Handle } from './handle.ts';
import { entryFields, readEntries } from './inode.ts';
import { isNfsStatus, type NfsStatus } from './status.ts';

const MOST = Number.MAX_SAFE_INTEGER;
/** A result tells versions of at most this many objects. */
const MOST_OBJECTS = 1 + Limit.otherObjects;

export interface FoundAttributes extends Attributes {
  readonly type: 'file' | 'directory';
  /** Of the handle that means the object now. */
  readonly generation: number;
}

/** What a result tells beside status and versions. */
export type Body =
  | { readonly type: 'nothing' }
  | { readonly type: 'attributes'; readonly attributes: FoundAttributes }
  | { readonly type: 'handle'; readonly handle: Handle }
  | { readonly type: 'entries'; readonly entries: Entries }
  /** Why an operation was refused, in one line; `handle` is what the entry in question means now. */
  | { readonly type: 'message'; readonly message: string; readonly handle: Handle | undefined };

export interface NfsResult {
  readonly status: NfsStatus;
  /** Whether the operation changed its objects: all of them, each by one version. */
  readonly wrote: boolean;
  /** Of every object afterwards: the operation's object, then the others in their order. */
  readonly versions: readonly number[];
  readonly body: Body;
}

const BODIES = ['nothing', 'attributes', 'handle', 'entries', 'message'] as const;
const TYPES = ['file', 'directory'] as const;

export function encodeNfsResult({ status, wrote, versions, body }: NfsResult): Uint8Array {
  const told = versions.slice(0, MOST_OBJECTS);
  // A replica keeps results for requests that come again, so not in the shared buffer.
  return copyOf(pack([status, wrote, told.length, ...told, BODIES.indexOf(body.type), ...bodyFields(body)]));
}

/** Undefined if it is no result of this service. */
export function decodeNfsResult(bytes: Uint8Array): NfsResult | undefined {
  return decoding(bytes, (fields) => {
    const status = fields.integer(MOST);
    if (!isNfsStatus(status)) throw new MalformedMessage('status');
    const wrote = fields.boolean();
    const versions = Array.from({ length: fields.integer(MOST_OBJECTS) }, () => fields.integer(MOST));
    const body = readBody(fields);
    fields.end();
    return { status, wrote, versions, body };
  });
}

function bodyFields(body: Body): Field[] {
  switch (body.type) {
    case 'nothing':
      return [];
    case 'attributes': {
      const { type, generation } = body.attributes;
      return [TYPES.indexOf(type), generation, ...attributeFields(body.attributes)];
    }
    case 'handle':
      return handleFields(body.handle);
    case 'entries':
      return entryFields(body.entries);
    case 'message':
      return [body.message, ...(body.handle === undefined ? [] : handleFields(body.handle))];
  }
}

function handleFields({ object, generation }: Handle): Field[] {
  return [object, generation];
}

function readBody(fields: FieldReader): Body {
  const type = BODIES[fields.integer(BODIES.length - 1)] ?? 'nothing';
  switch (type) {
    case 'nothing':
      return { type };
    case 'attributes':
      return { type, attributes: readFoundAttributes(fields) };
    case 'handle':
      return { type, handle: readHandle(fields) };
    case 'entries':
      return { type, entries: readEntries(fields) };
    case 'message': {
      const message = fields.string(Limit.resultBytes);
      return { type, message, handle: fields.remaining > 0 ? readHandle(fields) : undefined };
    }
  }
}

function readHandle(fields: FieldReader): Handle {
  return { object: fields.string(Limit.objectNameLength), generation: fields.integer(MOST) };
}

function readFoundAttributes(fields: FieldReader): FoundAttributes {
  const type = TYPES[fields.integer(TYPES.length - 1)] ?? 'file';
  return { type, generation: fields.integer(MOST), ...readAttributes(fields) };
}

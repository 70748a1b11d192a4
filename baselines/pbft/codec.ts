import type { MessageCodec } from '../../src/kernel/codec.ts';
import { Limit } from '../../src/wire/limits.ts';
import { decoding, type FieldReader, MalformedMessage, pack } from '../../src/wire/packing.ts';
import type { Message } from './message.ts';

const DIGEST_BYTES = 32;
const MOST_TAG_BYTES = 64;
/** Views and sequence numbers stay far from where numbers lose integers. */
export const MOST_NUMBER = 2 ** 48;
export const MOST_REPLICAS = 4096;

const Tag = {
  request: 0,
  prePrepare: 1,
  prepare: 2,
  commit: 3,
  reply: 4,
  checkpoint: 5,
  viewChange: 6,
  newView: 7,
  status: 8,
  fetchState: 9,
  state: 10,
  fetchBatch: 11,
  batchBody: 12,
  query: 13,
  viewChangeAck: 14,
  rejoin: 15,
  rejoinReport: 16,
} as const;

function encode(message: Message): Uint8Array {
  const type = Tag[message.type];
  switch (message.type) {
    case 'request':
    case 'query':
      return pack([type, message.request, message.authenticator]);
    case 'prePrepare':
      return pack([type, message.view, message.sequence, message.batch, message.authenticator]);
    case 'prepare':
    case 'commit':
      return pack([type, message.view, message.sequence, message.digest, message.authenticator]);
    case 'reply':
      return pack([
        type,
        message.view,
        message.number,
        message.tentative,
        message.digested,
        message.result,
        message.tag,
      ]);
    case 'checkpoint':
      return pack([type, message.sequence, message.digest, message.authenticator]);
    case 'viewChange':
    case 'newView':
      return pack([type, message.body, message.authenticator]);
    case 'viewChangeAck':
      return pack([type, message.view, message.author, message.digest, message.tag]);
    case 'status':
      return pack([type, message.view, message.active, message.stable, message.executed, message.authenticator]);
    case 'rejoin':
      return pack([type, message.incarnation, message.authenticator]);
    case 'rejoinReport':
      return pack([type, message.incarnation, message.prepared, message.asked, message.tag]);
    case 'fetchState':
      return pack([type, message.sequence, message.authenticator]);
    case 'state':
      return pack([type, message.sequence, message.snapshot]);
    case 'fetchBatch':
      return pack([type, message.digest, message.authenticator]);
    case 'batchBody':
      return pack([type, message.batch, ...message.bodies]);
  }
}

/** All fields that are left; a message's size bounds their number. */
function rest<Entry>(fields: FieldReader, entry: (fields: FieldReader) => Entry): Entry[] {
  const entries: Entry[] = [];
  while (fields.remaining > 0) entries.push(entry(fields));
  return entries;
}

// Functions of the reader: closures over it, made for every message, were a sixth of all that a run allocates.
const number = (fields: FieldReader) => fields.integer(MOST_NUMBER);
const body = (fields: FieldReader) => fields.bytes(0, Limit.messageBytes);
const digest = (fields: FieldReader) => fields.bytes(DIGEST_BYTES, DIGEST_BYTES);
const tag = (fields: FieldReader) => fields.bytes(1, MOST_TAG_BYTES);

/** Takes the fields that follow the type; properties are evaluated, and fields so taken, in the order written. */
function decodeFields(fields: FieldReader, authenticatorBytes: number): Message {
  switch (fields.integer(Tag.rejoinReport)) {
    case Tag.request:
      return { type: 'request', request: body(fields), authenticator: fields.bytes(1, authenticatorBytes) };
    case Tag.query:
      return { type: 'query', request: body(fields), authenticator: fields.bytes(1, authenticatorBytes) };
    case Tag.prePrepare:
      return {
        type: 'prePrepare',
        view: number(fields),
        sequence: number(fields),
        batch: body(fields),
        authenticator: fields.bytes(1, authenticatorBytes),
      };
    case Tag.prepare:
      return {
        type: 'prepare',
        view: number(fields),
        sequence: number(fields),
        digest: digest(fields),
        authenticator: fields.bytes(1, authenticatorBytes),
      };
    case Tag.commit:
      return {
        type: 'commit',
        view: number(fields),
        sequence: number(fields),
        digest: digest(fields),
        authenticator: fields.bytes(1, authenticatorBytes),
      };
    case Tag.reply:
      return {
        type: 'reply',
        view: number(fields),
        number: fields.integer(Number.MAX_SAFE_INTEGER),
        tentative: fields.boolean(),
        digested: fields.boolean(),
        result: fields.bytes(0, Limit.resultBytes),
        tag: tag(fields),
      };
    case Tag.checkpoint:
      return {
        type: 'checkpoint',
        sequence: number(fields),
        digest: digest(fields),
        authenticator: fields.bytes(1, authenticatorBytes),
      };
    case Tag.viewChange:
      return { type: 'viewChange', body: body(fields), authenticator: fields.bytes(1, authenticatorBytes) };
    case Tag.newView:
      return { type: 'newView', body: body(fields), authenticator: fields.bytes(1, authenticatorBytes) };
    case Tag.status:
      return {
        type: 'status',
        view: number(fields),
        active: fields.boolean(),
        stable: number(fields),
        executed: number(fields),
        authenticator: fields.bytes(1, authenticatorBytes),
      };
    case Tag.fetchState:
      return { type: 'fetchState', sequence: number(fields), authenticator: fields.bytes(1, authenticatorBytes) };
    case Tag.state:
      return { type: 'state', sequence: number(fields), snapshot: body(fields) };
    case Tag.fetchBatch:
      return { type: 'fetchBatch', digest: digest(fields), authenticator: fields.bytes(1, authenticatorBytes) };
    case Tag.batchBody:
      return { type: 'batchBody', batch: body(fields), bodies: rest(fields, body) };
    case Tag.viewChangeAck:
      return {
        type: 'viewChangeAck',
        view: number(fields),
        author: fields.integer(MOST_REPLICAS),
        digest: digest(fields),
        tag: tag(fields),
      };
    case Tag.rejoin:
      return { type: 'rejoin', incarnation: number(fields), authenticator: fields.bytes(1, authenticatorBytes) };
    case Tag.rejoinReport:
      return {
        type: 'rejoinReport',
        incarnation: number(fields),
        prepared: number(fields),
        asked: number(fields),
        tag: tag(fields),
      };
    default:
      throw new MalformedMessage('type');
  }
}

export function messageCodec(replicas: number): MessageCodec<Message> {
  const authenticatorBytes = replicas * MOST_TAG_BYTES;
  const decodeAll = (fields: FieldReader): Message => {
    const message = decodeFields(fields, authenticatorBytes);
    fields.end();
    return message;
  };
  return { kinds: Object.keys(Tag), encode, decode: (bytes) => decoding(bytes, decodeAll) };
}

import { Unpackr } from 'msgpackr/unpack';
import { isFlatArray } from './flat-array.ts';
import { encodeFlatArray, type Field } from './flat-encoder.ts';

export type { Field } from './flat-encoder.ts';

/**
 * Messages are flat MessagePack arrays of unsigned integers, booleans, strings and byte strings; byte strings come back as views of
 * the input. The entry point is the one without native code: short strings gain nothing from it.
 */
const unpackr = new Unpackr({ useRecords: false, copyBuffers: false });

export function pack(fields: readonly Field[]): Uint8Array {
  return encodeFlatArray(fields);
}

/** Decodes; throws MalformedMessage if the bytes are not one array of fields. */
export function unpack(bytes: Uint8Array): FieldReader {
  if (!isFlatArray(bytes)) throw new MalformedMessage('not a flat array');
  const start = bytes.byteOffset;
  let value: unknown;
  try {
    value = unpackr.unpack(memoryOf(bytes), { start, end: start + bytes.length });
  } catch {
    throw new MalformedMessage('not MessagePack');
  }
  if (!Array.isArray(value)) throw new MalformedMessage('not an array');
  return new FieldReader(value);
}

let lastMemory: Uint8Array = new Uint8Array(0);

/**
 * All of the buffer that the bytes lie in. msgpackr makes a DataView of each array that it decodes from and keeps it with the array; so the
 * messages that came in together, and the requests in them, share one. Of a plain array, even where the bytes are a Buffer, the fields are
 * plain arrays too, which V8 makes faster, and whose `slice` copies.
 */
function memoryOf(bytes: Uint8Array): Uint8Array {
  const { buffer } = bytes;
  if (buffer !== lastMemory.buffer) lastMemory = new Uint8Array(buffer);
  return lastMemory;
}

export class MalformedMessage extends Error {}

/** Takes the fields of a decoded array in order, each checked for type and bounds. */
export class FieldReader {
  readonly #fields: readonly unknown[];
  #next = 0;

  constructor(fields: readonly unknown[]) {
    this.#fields = fields;
  }

  /** An integer from 0 to `most` (inclusive), at most 2^53 − 1. */
  integer(most: number): number {
    const value = this.#fields[this.#next++];
    if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > most) {
      throw new MalformedMessage('integer');
    }
    // A float can say −0, which is no integer of ours.
    return value + 0;
  }

  boolean(): boolean {
    const value = this.#fields[this.#next++];
    if (typeof value !== 'boolean') throw new MalformedMessage('boolean');
    return value;
  }

  string(most: number): string {
    const value = this.#fields[this.#next++];
    if (typeof value !== 'string' || value.length === 0 || value.length > most) throw new MalformedMessage('string');
    return value;
  }

  /** A byte string of `least` to `most` bytes. */
  bytes(least: number, most: number): Uint8Array {
    const value = this.#fields[this.#next++];
    if (!(value instanceof Uint8Array) || value.length < least || value.length > most) {
      throw new MalformedMessage('bytes');
    }
    return value;
  }

  /** How many fields are left. */
  get remaining(): number {
    return this.#fields.length - this.#next;
  }

  /** Every field must have been taken. */
  end(): void {
    if (this.#next !== this.#fields.length) throw new MalformedMessage('length');
  }
}

/** Runs a decoder; undefined where it finds the bytes malformed. Other errors are defects and pass. */
export function decoding<Message>(bytes: Uint8Array, decode: (fields: FieldReader) => Message): Message | undefined {
  try {
    return decode(unpack(bytes));
  } catch (error) {
    if (error instanceof MalformedMessage) return undefined;
    throw error;
  }
}

import type { ParticipantId } from '../kernel/identifiers.ts';
import { Limit } from './limits.ts';

/**
 * Frames on a byte stream: payload length, sender, receiver (32 bits each, big-endian), payload. Many participants can live behind one
 * connection; the sender's number is only an address, what it says is believed for its MAC alone.
 */
export const FRAME_HEADER_BYTES = 12;

/** Collects frames until they are taken, all in one piece: one write a turn and peer, not one a message. */
export class FrameBatch {
  #buffer: Buffer;
  #length = 0;
  readonly #initialBytes: number;

  constructor(initialBytes = 16 * 1024) {
    this.#initialBytes = initialBytes;
    this.#buffer = Buffer.allocUnsafeSlow(initialBytes);
  }

  get byteLength(): number {
    return this.#length;
  }

  append(from: ParticipantId, to: ParticipantId, payload: Uint8Array): void {
    const needed = this.#length + FRAME_HEADER_BYTES + payload.length;
    if (needed > this.#buffer.length) this.#grow(needed);
    const buffer = this.#buffer;
    let offset = this.#length;
    offset = buffer.writeUInt32BE(payload.length, offset);
    offset = buffer.writeUInt32BE(from, offset);
    offset = buffer.writeUInt32BE(to, offset);
    buffer.set(payload, offset);
    this.#length = needed;
  }

  /** The collected frames without a copy: a view that is valid until the next `append` or `clear`. */
  contents(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }

  clear(): void {
    this.#length = 0;
    if (this.#buffer.length > 64 * this.#initialBytes) this.#buffer = Buffer.allocUnsafeSlow(this.#initialBytes);
  }

  /** The collected frames in an array of their own, which is safe to hand to an asynchronous write; the batch is empty afterwards. */
  take(): Buffer<ArrayBuffer> {
    const taken = Buffer.allocUnsafeSlow(this.#length);
    this.#buffer.copy(taken, 0, 0, this.#length);
    this.clear();
    return taken;
  }

  #grow(needed: number): void {
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, 2 * this.#buffer.length));
    this.#buffer.copy(larger, 0, 0, this.#length);
    this.#buffer = larger;
  }
}

export type FrameHandler = (from: ParticipantId, to: ParticipantId, payload: Uint8Array) => void;

/** A peer's stream that breaks the framing cannot be read further; its connection is closed. */
export class FrameError extends Error {}

/** Pieces of an unfinished frame are joined at the latest when there are this many. */
const MOST_PIECES = 256;

/** Cuts a byte stream into frames. Payloads are views of the chunks that come in. */
export class FrameParser {
  /** The beginning of a frame that is not complete yet, in pieces as they came in. */
  #pieces: Buffer[] = [];
  #bytes = 0;
  /** Bytes at which it can be looked at again: that of its header, then of all of it. */
  #wanted = FRAME_HEADER_BYTES;
  readonly #handle: FrameHandler;

  constructor(handle: FrameHandler) {
    this.#handle = handle;
  }

  /** Throws FrameError for a frame over the size limit. */
  push(chunk: Buffer): void {
    if (this.#bytes === 0) return this.#cut(chunk);
    // Joined once for a frame and not once for a chunk, or a large frame in small pieces would cost their product.
    this.#pieces.push(chunk);
    this.#bytes += chunk.length;
    if (this.#bytes < this.#wanted && this.#pieces.length < MOST_PIECES) return;
    const joined = Buffer.concat(this.#pieces);
    this.#pieces = [];
    this.#bytes = 0;
    this.#cut(joined);
  }

  #cut(buffer: Buffer): void {
    let offset = 0;
    this.#wanted = FRAME_HEADER_BYTES;
    while (buffer.length - offset >= FRAME_HEADER_BYTES) {
      const length = buffer.readUInt32BE(offset);
      if (length > Limit.messageBytes) {
        throw new FrameError(`frame of ${length} bytes; at most ${Limit.messageBytes} are allowed`);
      }
      const end = offset + FRAME_HEADER_BYTES + length;
      if (end > buffer.length) {
        this.#wanted = end - offset;
        break;
      }
      this.#handle(
        buffer.readUInt32BE(offset + 4),
        buffer.readUInt32BE(offset + 8),
        new Uint8Array(buffer.buffer, buffer.byteOffset + offset + FRAME_HEADER_BYTES, length),
      );
      offset = end;
    }
    if (offset === buffer.length) return;
    this.#pieces.push(buffer.subarray(offset));
    this.#bytes = buffer.length - offset;
  }
}

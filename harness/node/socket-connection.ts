import type { Socket } from 'node:net';
import { FrameBatch, FrameError, FrameParser } from '../../src/wire/frame.ts';
import type { MessageHandler } from './link.ts';

/** Reads and writes of connections, added up. */
export interface ConnectionCounts {
  reads: number;
  writes: number;
}

export interface SocketConnectionOptions {
  readonly socket: Socket;
  readonly counts: ConnectionCounts;
  readonly onFrame: MessageHandler;
  /** Called once for bytes that break the framing; the connection is closed then. */
  readonly onMalformed: () => void;
  /** Follows in any case. */
  readonly onClose: () => void;
}

/** Frames in both directions over one socket. */
export class SocketConnection {
  readonly #socket: Socket;
  readonly #counts: ConnectionCounts;
  /** Frames are collected in one batch while the other is being written. */
  #collecting = new FrameBatch();
  #writing = new FrameBatch();
  readonly #written = (): void => {
    this.#writing.clear();
    this.flush();
  };

  constructor({ socket, counts, onFrame, onMalformed, onClose }: SocketConnectionOptions) {
    this.#socket = socket;
    this.#counts = counts;
    const parser = new FrameParser(onFrame);
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => {
      counts.reads++;
      try {
        parser.push(chunk);
      } catch (error) {
        if (!(error instanceof FrameError)) throw error;
        socket.removeAllListeners('data');
        socket.destroy();
        onMalformed();
      }
    });
    // A failed connection is closed, too; that is all that there is to know.
    socket.on('error', () => {});
    socket.on('close', onClose);
  }

  /** Frames collected and not yet handed to the system. */
  get waitingBytes(): number {
    return this.#collecting.byteLength + this.#writing.byteLength;
  }

  append(from: number, to: number, payload: Uint8Array): void {
    this.#collecting.append(from, to, payload);
  }

  /**
   * Writes what is collected, in one piece, unless a write is under way: then it follows when that has ended. At most one batch
   * is with the socket, so what waits is bounded by what the link lets in.
   */
  flush(): void {
    if (this.#writing.byteLength > 0 || this.#collecting.byteLength === 0 || this.#socket.destroyed) return;
    const batch = this.#collecting;
    this.#collecting = this.#writing;
    this.#writing = batch;
    this.#counts.writes++;
    this.#socket.write(batch.contents(), this.#written);
  }

  close(): void {
    this.#socket.destroy();
  }
}

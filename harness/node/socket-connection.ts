import type { Socket } from 'node:net';
import { FrameBatch, FrameError, FrameParser } from '../../src/wire/frame.ts';
import type { MessageHandler } from './link.ts';

/** Frames in both directions over one socket. */
export class SocketConnection {
  readonly #socket: Socket;
  readonly #batch = new FrameBatch();
  /** Bytes of the write that is under way; 0 if none is. */
  #writing = 0;
  readonly #written = (): void => {
    this.#writing = 0;
    if (this.#batch.byteLength > 0) this.flush();
  };

  /** `onMalformed` is called once for bytes that break the framing; the connection is closed then. `onClose` follows in any case. */
  constructor(socket: Socket, onFrame: MessageHandler, onMalformed: () => void, onClose: () => void) {
    this.#socket = socket;
    const parser = new FrameParser(onFrame);
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => {
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
    return this.#batch.byteLength + this.#writing;
  }

  append(from: number, to: number, payload: Uint8Array): void {
    this.#batch.append(from, to, payload);
  }

  /**
   * Writes what is collected, in one piece, unless a write is under way: then it follows when that has ended. At most one batch
   * is with the socket, so what waits is bounded by what the link lets in.
   */
  flush(): void {
    if (this.#writing > 0 || this.#batch.byteLength === 0 || this.#socket.destroyed) return;
    const bytes = this.#batch.take();
    this.#writing = bytes.length;
    this.#socket.write(bytes, this.#written);
  }

  close(): void {
    this.#socket.destroy();
  }
}

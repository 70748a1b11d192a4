import { connect, type Socket } from 'node:net';
import { FrameBatch } from '../../../src/wire/frame.ts';

/** A connection whose bytes a test chooses itself. */
export class RawPeer {
  readonly socket: Socket;
  /** Resolves when the connection is closed, by whichever side. */
  readonly closed: Promise<void>;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on('error', () => {});
    this.closed = new Promise((resolve) => socket.once('close', () => resolve()));
  }

  static connect(path: string): Promise<RawPeer> {
    return new Promise((resolve, reject) => {
      const socket = connect(path);
      socket.once('error', reject);
      socket.once('connect', () => resolve(new RawPeer(socket)));
    });
  }

  frame(from: number, to: number, payload: Uint8Array): void {
    const batch = new FrameBatch();
    batch.append(from, to, payload);
    this.socket.write(batch.take());
  }
}

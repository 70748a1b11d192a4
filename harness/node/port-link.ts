import type { MessagePort } from 'node:worker_threads';
import type { ParticipantId } from '../../src/kernel/identifiers.ts';
import { FRAME_HEADER_BYTES, FrameBatch, FrameParser } from '../../src/wire/frame.ts';
import type { NodeNumber } from './addresses.ts';
import { EventCounts } from './event-counts.ts';
import { type Link, LinkCounter, type MessageHandler, MOST_WAITING_BYTES } from './link.ts';

export interface PeerPort {
  readonly node: NodeNumber;
  readonly port: MessagePort;
}

export interface PortLinkOptions {
  readonly self: NodeNumber;
  readonly nodes: number;
  readonly ports: readonly PeerPort[];
  /** See `readBytesIndex`; shared by all nodes. */
  readonly readBytes: Int32Array<SharedArrayBuffer>;
  readonly onMessage: MessageHandler;
  /** Called once a turn, after the turn's messages were handled and before they are handed over. */
  readonly onTurn: () => void;
}

/**
 * Where receivers add up the bytes that they have read from one sender, modulo 2^32. A port's queue has no bound of its own:
 * the sender subtracts this from what it has sent, and stops when too much is under way.
 */
export function readBytesIndex(from: NodeNumber, to: NodeNumber, nodes: number): number {
  return from * nodes + to;
}

/** How long a full peer's frames wait before they are tried again. */
const RETRY_MS = 1;

interface Peer {
  readonly port: MessagePort;
  readonly readIndex: number;
  readonly batch: FrameBatch;
  /** Modulo 2^32, as a signed number. */
  sentBytes: number;
}

/** A mesh of message ports between threads. Frames are posted all in one piece, once a turn, and are moved, not copied. */
export class PortLink implements Link {
  readonly #options: PortLinkOptions;
  readonly #peers: (Peer | undefined)[];
  readonly #events = new EventCounts();
  /** Peers with frames that were not posted yet. */
  #dirty: Peer[] = [];
  readonly #flush = (): void => this.#endTurn();

  constructor(options: PortLinkOptions) {
    const { self, nodes, ports } = options;
    this.#options = options;
    this.#peers = new Array<Peer | undefined>(nodes).fill(undefined);
    for (const { node, port } of ports) {
      const readIndex = readBytesIndex(self, node, nodes);
      this.#peers[node] = { port, readIndex, batch: new FrameBatch(), sentBytes: 0 };
      this.#listen(node, port);
    }
  }

  get counters(): ReadonlyMap<string, number> {
    return this.#events.counts;
  }

  send(node: NodeNumber, from: ParticipantId, to: ParticipantId, payload: Uint8Array): void {
    const peer = this.#peers[node];
    if (peer === undefined) return this.#events.add(LinkCounter.unreachable);
    const waiting = peer.batch.byteLength;
    if (waiting + FRAME_HEADER_BYTES + payload.length > MOST_WAITING_BYTES) {
      return this.#events.add(LinkCounter.congested);
    }
    if (waiting === 0) {
      if (this.#dirty.length === 0) setImmediate(this.#flush);
      this.#dirty.push(peer);
    }
    peer.batch.append(from, to, payload);
  }

  close(): void {
    for (const peer of this.#peers) peer?.port.close();
  }

  #listen(node: NodeNumber, port: MessagePort): void {
    const { self, nodes, readBytes, onMessage } = this.#options;
    const parser = new FrameParser(onMessage);
    const index = readBytesIndex(node, self, nodes);
    port.on('message', (frames: unknown) => {
      if (!(frames instanceof ArrayBuffer)) return this.#events.add(LinkCounter.malformed);
      Atomics.add(readBytes, index, frames.byteLength);
      parser.push(Buffer.from(frames));
    });
  }

  #endTurn(): void {
    this.#options.onTurn();
    const dirty = this.#dirty;
    this.#dirty = [];
    for (const peer of dirty) {
      if (this.#post(peer)) continue;
      if (this.#dirty.length === 0) setTimeout(this.#flush, RETRY_MS);
      this.#dirty.push(peer);
    }
  }

  /** False if the peer has too much to read already; its frames stay. */
  #post(peer: Peer): boolean {
    const underWay = (peer.sentBytes - Atomics.load(this.#options.readBytes, peer.readIndex)) | 0;
    if (underWay > MOST_WAITING_BYTES) return false;
    // Taken frames have memory of their own: a pooled buffer would ship its whole pool.
    const frames = peer.batch.take().buffer;
    peer.sentBytes = (peer.sentBytes + frames.byteLength) | 0;
    peer.port.postMessage(frames, [frames]);
    return true;
  }
}

import type { ParticipantId } from '../../src/kernel/identifiers.ts';
import { FRAME_HEADER_BYTES, FrameBatch, FrameError, FrameParser } from '../../src/wire/frame.ts';
import type { NodeNumber } from './addresses.ts';
import type { Doorbell } from './doorbell.ts';
import { EventCounts } from './event-counts.ts';
import { type Link, LinkCounter, type MessageHandler, MOST_WAITING_BYTES } from './link.ts';
import { doorbellOf, type RingMesh, ringBetween } from './ring-mesh.ts';
import { RingReader, RingWriter } from './shared-ring.ts';

export interface RingLinkOptions {
  readonly self: NodeNumber;
  readonly replicas: number;
  readonly mesh: RingMesh;
  readonly onMessage: MessageHandler;
  /** Called once a round, after the round's messages were handled and before they are handed over. */
  readonly onTurn: () => void;
}

const NOTHING = Buffer.alloc(0);

interface Peer {
  readonly doorbell: Doorbell;
  readonly writer: RingWriter;
  readonly reader: RingReader;
  readonly parser: FrameParser;
  readonly batch: FrameBatch;
  /** Frames of earlier rounds that the ring had no space for; they go before the batch. */
  backlog: Buffer;
  isDirty: boolean;
  isMalformed: boolean;
}

/**
 * A mesh of byte rings in memory that threads share; drivers don't talk to drivers. The link does nothing by itself: whoever owns it
 * calls `round` and, when that finds nothing to do, `sleep`.
 */
export class RingLink implements Link {
  readonly #options: RingLinkOptions;
  readonly #doorbell: Doorbell;
  /** By node number. */
  readonly #peers: (Peer | undefined)[];
  #connected: readonly Peer[];
  readonly #events = new EventCounts();
  /** Peers with frames that are not in their rings yet. */
  #dirty: Peer[] = [];
  readonly #hasWork = (): boolean =>
    this.#connected.some(({ reader, isMalformed }) => !isMalformed && !reader.isEmpty()) ||
    this.#dirty.some(({ writer }) => writer.hasSpace());

  constructor(options: RingLinkOptions) {
    const { self, replicas, mesh } = options;
    this.#options = options;
    this.#doorbell = doorbellOf(mesh, self);
    this.#peers = Array.from({ length: mesh.nodes }, (_, node) =>
      node !== self && (node < replicas || self < replicas) ? this.#peer(node) : undefined,
    );
    this.#connected = this.#peers.filter((peer) => peer !== undefined);
  }

  get counters(): ReadonlyMap<string, number> {
    return this.#events.counts;
  }

  send(node: NodeNumber, from: ParticipantId, to: ParticipantId, payload: Uint8Array): void {
    const peer = this.#peers[node];
    if (peer === undefined) return this.#events.add(LinkCounter.unreachable);
    const waiting = peer.backlog.length + peer.batch.byteLength;
    if (waiting + FRAME_HEADER_BYTES + payload.length > MOST_WAITING_BYTES) {
      return this.#events.add(LinkCounter.congested);
    }
    peer.batch.append(from, to, payload);
    if (peer.isDirty) return;
    peer.isDirty = true;
    this.#dirty.push(peer);
  }

  /** Handles what has come in, then hands over what is to go out. False if there was nothing to do and there is nothing now. */
  round(): boolean {
    let isBusy = false;
    for (const peer of this.#connected) if (this.#receive(peer)) isBusy = true;
    this.#options.onTurn();
    const dirty = this.#dirty;
    if (dirty.length === 0) return isBusy;
    this.#dirty = [];
    for (const peer of dirty) {
      this.#handOver(peer);
      peer.isDirty = peer.backlog.length > 0;
      if (!peer.isDirty) continue;
      this.#dirty.push(peer);
      if (peer.writer.awaitSpace()) isBusy = true;
    }
    return isBusy;
  }

  /** Stops the thread until there is something to do, it is rung for, or the time is over. */
  sleep(timeoutMs: number): void {
    this.#doorbell.sleep(timeoutMs, this.#hasWork);
  }

  close(): void {
    this.#peers.fill(undefined);
    this.#connected = [];
    this.#dirty = [];
  }

  #peer(node: NodeNumber): Peer {
    const { self, mesh, onMessage } = this.#options;
    return {
      doorbell: doorbellOf(mesh, node),
      writer: new RingWriter(ringBetween(mesh, self, node)),
      reader: new RingReader(ringBetween(mesh, node, self)),
      parser: new FrameParser(onMessage),
      batch: new FrameBatch(),
      backlog: NOTHING,
      isDirty: false,
      isMalformed: false,
    };
  }

  #receive(peer: Peer): boolean {
    if (peer.isMalformed) return false;
    const chunk = peer.reader.read();
    if (chunk === undefined) return false;
    if (peer.reader.takeWriterWaits()) peer.doorbell.wake();
    try {
      peer.parser.push(chunk);
    } catch (error) {
      if (!(error instanceof FrameError)) throw error;
      // What follows cannot be read either; the sender's frames wait until it drops them.
      peer.isMalformed = true;
      this.#events.add(LinkCounter.malformed);
    }
    return true;
  }

  #handOver(peer: Peer): void {
    const { writer, batch, doorbell } = peer;
    let written = writer.write(peer.backlog);
    peer.backlog = written === peer.backlog.length ? NOTHING : peer.backlog.subarray(written);
    if (peer.backlog.length === 0) {
      const frames = batch.contents();
      const ofBatch = writer.write(frames);
      if (ofBatch === frames.length) batch.clear();
      else peer.backlog = batch.take().subarray(ofBatch);
      written += ofBatch;
    }
    if (written > 0) doorbell.wake();
  }
}

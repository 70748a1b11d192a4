import type { ParticipantId } from '../../../src/kernel/identifiers.ts';
import type { Microseconds } from '../../../src/kernel/time.ts';
import { FRAME_HEADER_BYTES } from '../../../src/wire/frame.ts';
import type { NodeNumber } from '../../node/addresses.ts';
import type { VirtualEvent } from './virtual-time.ts';

/** Where packets arrive. */
export interface PacketReceiver {
  /** Called when the last bytes come to the receiver's interface, and once more if that was busy then. */
  arrive(packet: Packet, nowUs: Microseconds): void;
}

/** Messages from one node to another that leave in one write. Its arrival is what happens with it. */
export class Packet implements VirtualEvent {
  readonly sender: NodeNumber;
  readonly froms: ParticipantId[] = [];
  readonly tos: ParticipantId[] = [];
  readonly payloads: Uint8Array[] = [];
  /** Of the messages with their frame headers. */
  bytes = 0;
  /** Whether it has come to the receiver's interface. */
  landed = false;
  readonly #receiver: PacketReceiver;

  constructor(sender: NodeNumber, receiver: PacketReceiver) {
    this.sender = sender;
    this.#receiver = receiver;
  }

  add(from: ParticipantId, to: ParticipantId, payload: Uint8Array): void {
    this.froms.push(from);
    this.tos.push(to);
    this.payloads.push(payload);
    this.bytes += FRAME_HEADER_BYTES + payload.length;
  }

  happen(nowUs: Microseconds): void {
    this.#receiver.arrive(this, nowUs);
  }
}

import type { Microseconds } from '../../../src/kernel/time.ts';
import type { NodeNumber } from '../../node/addresses.ts';

/** Busy times that a node remembers; a power of two. */
const REMEMBERED = 8;

/**
 * The receiving side of every node's interface: it takes in what arrives at its bandwidth, whatever comes first.
 *
 * Arrivals are told in the order in which their last bytes would be there. A long message then comes after short ones that reached the
 * interface in the midst of it: it has used the gaps between them and needs, at the end, as much time as they took. So each node remembers its
 * latest busy times. They are few: one that a later arrival touches is joined with it. A message that began before the oldest of them overlooks
 * what came before that.
 */
export class ReceivingInterfaces {
  /** Rings by node, each in order of time and without overlaps. */
  readonly #fromUs: Float64Array;
  readonly #untilUs: Float64Array;
  readonly #counts: Uint8Array;
  /** Where in its ring a node's latest busy time stands. */
  readonly #latest: Uint8Array;

  constructor(nodes: number) {
    this.#fromUs = new Float64Array(nodes * REMEMBERED);
    this.#untilUs = new Float64Array(nodes * REMEMBERED);
    this.#counts = new Uint8Array(nodes);
    this.#latest = new Uint8Array(nodes);
  }

  /** When the node has all of a message that takes `wireUs`, whose last byte comes to its interface at `atUs`. */
  receive(node: NodeNumber, wireUs: Microseconds, atUs: Microseconds): Microseconds {
    const base = node * REMEMBERED;
    let count = this.#counts[node] ?? 0;
    let slot = this.#latest[node] ?? 0;
    let fromUs = atUs - wireUs;
    let untilUs = atUs;
    const beginUs = fromUs;
    while (count > 0) {
      const busyUntilUs = this.#untilUs[base + slot] ?? 0;
      if (busyUntilUs <= beginUs) break;
      const busyFromUs = this.#fromUs[base + slot] ?? 0;
      // Only the latest can reach beyond `atUs`: what it still has to do there comes first, and so does its work within the window.
      untilUs = Math.max(untilUs, busyUntilUs) + (Math.min(busyUntilUs, atUs) - Math.max(busyFromUs, beginUs));
      fromUs = Math.min(fromUs, busyFromUs);
      slot = (slot - 1) & (REMEMBERED - 1);
      count--;
    }
    slot = (slot + 1) & (REMEMBERED - 1);
    this.#fromUs[base + slot] = fromUs;
    this.#untilUs[base + slot] = untilUs;
    this.#latest[node] = slot;
    this.#counts[node] = Math.min(count + 1, REMEMBERED);
    return untilUs;
  }
}

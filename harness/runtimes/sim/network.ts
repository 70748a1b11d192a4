import type { Microseconds } from '../../../src/kernel/time.ts';
import type { NodeNumber } from '../../node/addresses.ts';
import { type RandomStream, randomStream } from '../../node/random.ts';
import { delaysUs, regionOf } from '../../topologies/regions.ts';
import { isDatagramTransport, type NetworkedTopology, type Topology } from '../../topologies/topology.ts';
import type { NodeRole } from '../runtime.ts';
import { jitterOf } from './jitter.ts';
import { ReceivingInterfaces } from './receiving-interfaces.ts';
import { lossOf, retransmissionUs } from './retransmission.ts';

/**
 * What lies between simulated nodes. The way of some bytes, one write or one datagram, has two ends:
 * `transmit` when they leave, and, at the time that it tells, `receive`, which tells when the receiver has them. Two, because only then is it
 * known what else has arrived there meanwhile: a message that was sent earlier, from far away, must not keep a later one from nearby waiting.
 */
export interface Network {
  /**
   * When the last of the bytes, frame headers included, that leave `from` at `atUs` comes to the interface of `to`; undefined if they
   * are lost. A node's calls come in the order of their times.
   */
  transmit(from: NodeNumber, to: NodeNumber, bytes: number, atUs: Microseconds): Microseconds | undefined;
  /** The same of a multicast datagram's copy to a further receiver: it left `from` with what `from` has transmitted last. */
  copy(from: NodeNumber, to: NodeNumber, bytes: number, atUs: Microseconds): Microseconds | undefined;
  /**
   * When `to` has all of what `transmit` announced for `atUs`: then, or later where its interface was busy with other arrivals. A node's
   * arrivals are told in the order of their times, and each once.
   */
  receive(from: NodeNumber, to: NodeNumber, bytes: number, atUs: Microseconds): Microseconds;
}

/** Nodes have the numbers of `addresses.ts`, which are their places in `roles`. One seed gives one sequence of delays and losses. */
export function networkOf(topology: Topology, roles: readonly NodeRole[], seed: number): Network {
  return topology.kind === 'shared-host' ? withinOneHost : new MachineNetwork(topology, roles, seed);
}

/** Between nodes of one machine there are no wires; what its kernel takes is in the cost profile. */
const withinOneHost: Network = {
  transmit: (_from, _to, _bytes, atUs) => atUs,
  copy: (_from, _to, _bytes, atUs) => atUs,
  receive: (_from, _to, _bytes, atUs) => atUs,
};

/** Node k draws from stream FIRST_NETWORK_STREAM - k: far from those of participants, loads and schedules. */
const FIRST_NETWORK_STREAM = -0x4000_0000;

/**
 * A machine for every node. Bytes go out over the sender's interface, one message after the other; then comes the way, with its delay and
 * jitter, over a switch that stores each packet and forwards it; then the receiver's interface, which takes in one message at a time.
 *
 * Streams (all transports but datagrams) keep the order between two nodes: what would overtake arrives together with what it would overtake.
 * What they lose arrives later for its retransmission; a lost datagram is gone. Not modelled: acknowledgements, congestion windows, and
 * the second passage of a repeated packet over the interfaces.
 */
class MachineNetwork implements Network {
  readonly #nodes: number;
  readonly #regions: Uint16Array;
  readonly #regionCount: number;
  readonly #delaysUs: Float64Array;
  readonly #jitter: (random: RandomStream) => Microseconds;
  readonly #randoms: readonly RandomStream[];
  readonly #packetBytes: number;
  readonly #overheadBytes: number;
  readonly #usPerByte: number;
  readonly #fullPacketUs: Microseconds;
  /** Of one packet. */
  readonly #loss: number;
  readonly #isStream: boolean;
  /** By node: until when its interface still sends. */
  readonly #sendingUntilUs: Float64Array;
  /** By pair of nodes, streams only: when the last bytes left, and when they arrive. */
  readonly #leftUs: Float64Array;
  readonly #arriveUs: Float64Array;
  readonly #receiving: ReceivingInterfaces;

  constructor(topology: NetworkedTopology, roles: readonly NodeRole[], seed: number) {
    const { interface: card, jitter, loss, transport } = topology;
    const nodes = roles.length;
    this.#nodes = nodes;
    this.#regions = Uint16Array.from(roles, (role) => regionOf(topology, role));
    const delays = delaysUs(topology);
    this.#regionCount = delays.length;
    this.#delaysUs = Float64Array.from(delays.flat());
    this.#jitter = jitterOf(jitter);
    this.#randoms = roles.map((_, node) => randomStream(seed, FIRST_NETWORK_STREAM - node));
    this.#packetBytes = card.packetBytes;
    this.#overheadBytes = card.packetOverheadBytes;
    this.#usPerByte = 8 / card.megabitsPerSecond;
    this.#fullPacketUs = (card.packetBytes + card.packetOverheadBytes) * this.#usPerByte;
    this.#loss = loss;
    this.#isStream = !isDatagramTransport(transport);
    this.#sendingUntilUs = new Float64Array(nodes);
    this.#leftUs = new Float64Array(this.#isStream && loss > 0 ? nodes * nodes : 0).fill(Number.NEGATIVE_INFINITY);
    this.#arriveUs = new Float64Array(this.#isStream ? nodes * nodes : 0);
    this.#receiving = new ReceivingInterfaces(nodes);
  }

  transmit(from: NodeNumber, to: NodeNumber, bytes: number, atUs: Microseconds): Microseconds | undefined {
    if (from === to) return atUs;
    const wireUs = this.#wireUs(bytes);
    const leftUs = Math.max(atUs, this.#sendingUntilUs[from] ?? 0) + wireUs;
    this.#sendingUntilUs[from] = leftUs;
    return this.#cross(from, to, bytes, { atUs, leftUs, wireUs });
  }

  copy(from: NodeNumber, to: NodeNumber, bytes: number, atUs: Microseconds): Microseconds | undefined {
    if (from === to) return atUs;
    return this.#cross(from, to, bytes, { atUs, leftUs: this.#sendingUntilUs[from] ?? 0, wireUs: this.#wireUs(bytes) });
  }

  /** Over the way and the switch, when the last byte has left. */
  #cross(
    from: NodeNumber,
    to: NodeNumber,
    bytes: number,
    { atUs, leftUs, wireUs }: { readonly atUs: Microseconds; readonly leftUs: Microseconds; readonly wireUs: number },
  ): Microseconds | undefined {
    const delayUs = this.#delaysUs[(this.#regions[from] ?? 0) * this.#regionCount + (this.#regions[to] ?? 0)] ?? 0;
    const random = this.#random(from);
    // The switch forwards a packet once it has all of it; the others of a message follow while they still come in.
    const forwardUs = Math.min(wireUs, this.#fullPacketUs);
    const arrivesUs = leftUs + forwardUs + delayUs + this.#jitter(random);
    if (!this.#isStream) return this.#loss > 0 && random() < this.#lossOf(bytes) ? undefined : arrivesUs;
    const pair = from * this.#nodes + to;
    const lateUs = this.#loss > 0 ? this.#retransmittedUs(pair, bytes, atUs, 2 * delayUs, random) : 0;
    const inOrderUs = Math.max(arrivesUs + lateUs, this.#arriveUs[pair] ?? 0);
    this.#arriveUs[pair] = inOrderUs;
    return inOrderUs;
  }

  receive(from: NodeNumber, to: NodeNumber, bytes: number, atUs: Microseconds): Microseconds {
    return from === to ? atUs : this.#receiving.receive(to, this.#wireUs(bytes), atUs);
  }

  #wireUs(bytes: number): Microseconds {
    return (bytes + this.#packets(bytes) * this.#overheadBytes) * this.#usPerByte;
  }

  #packets(bytes: number): number {
    return Math.max(1, Math.ceil(bytes / this.#packetBytes));
  }

  #lossOf(bytes: number): number {
    return lossOf(this.#loss, this.#packets(bytes));
  }

  #retransmittedUs(pair: number, bytes: number, atUs: Microseconds, roundTripUs: Microseconds, random: RandomStream) {
    const gapUs = atUs - (this.#leftUs[pair] ?? 0);
    this.#leftUs[pair] = atUs;
    const messageLoss = this.#lossOf(bytes);
    const drawn = random();
    if (drawn >= messageLoss) return 0;
    // The same draw says which packet it was, each as likely.
    const followers = Math.floor((drawn / messageLoss) * this.#packets(bytes));
    return retransmissionUs({ loss: this.#loss, followers, gapUs, roundTripUs }, random);
  }

  #random(node: NodeNumber): RandomStream {
    const random = this.#randoms[node];
    if (random === undefined) throw new Error(`there is no node ${node}`);
    return random;
  }
}

import type { ParticipantId } from '../../../src/kernel/identifiers.ts';
import type { Operation } from '../../../src/kernel/operation.ts';
import type { Client, Replica, TimerId } from '../../../src/kernel/participant.ts';
import type { Microseconds } from '../../../src/kernel/time.ts';
import { FRAME_HEADER_BYTES } from '../../../src/wire/frame.ts';
import { messageKind } from '../../../src/wire/message-kind.ts';
import type { Addresses, NodeNumber } from '../../node/addresses.ts';
import type { HostRuntime, ParticipantHost } from '../../node/participant-host.ts';
import type { RandomStream } from '../../node/random.ts';
import type { NodeActivity, NodeRole } from '../runtime.ts';
import { Agenda } from './agenda.ts';
import type { NodeCharges } from './charges.ts';
import { Collector } from './collector.ts';
import type { Core, CoreState, Scheduled } from './core.ts';
import type { CountedService } from './counted-service.ts';
import { around } from './jitter.ts';
import type { Machine } from './machine.ts';
import { Member } from './member.ts';
import type { Network } from './network.ts';
import { Packet, type PacketReceiver } from './packet.ts';
import type { VirtualEvent, VirtualTime } from './virtual-time.ts';
import { VirtualTimers } from './virtual-timers.ts';

/** What the nodes of a simulation have in common. */
export interface Surroundings {
  readonly time: VirtualTime;
  readonly network: Network;
  readonly addresses: Addresses;
  readonly nodes: readonly SimulatedNode[];
  /** Of all nodes, by slot: with thousands of clients, a list of them for each node would be long. */
  readonly members: (Member | undefined)[];
  readonly service: CountedService;
}

export interface SimulatedNodeOptions {
  readonly role: NodeRole;
  readonly number: NodeNumber;
  readonly charges: NodeCharges;
  readonly machine: Machine;
  readonly surroundings: Surroundings;
  /** Of this node alone. */
  readonly random: RandomStream;
}

interface LocalMessage {
  readonly from: ParticipantId;
  readonly to: ParticipantId;
  readonly bytes: Uint8Array;
}

/**
 * One node in virtual time. It works in turns, as a real node does: it wakes, reads what has come in on each connection, takes the steps,
 * and writes to each connection what is to go out. A step happens at once, but the node's clock moves on by what its counted operations cost; what
 * comes in meanwhile waits for the next turn.
 */
export class SimulatedNode implements HostRuntime, Scheduled, PacketReceiver {
  readonly role: NodeRole;
  core: Core;
  virtualUs: Microseconds = 0;
  deadlineUs: Microseconds = 0;
  lagUs: Microseconds = 0;
  ranUntilUs: Microseconds = Number.NEGATIVE_INFINITY;
  /** CPU time so far. */
  cpuUs: Microseconds = 0;
  readonly #activity = { turns: 0, wakes: 0, preemptions: 0, reads: 0, writes: 0, collections: 0, collectionUs: 0 };
  /** Called when the steps of a turn are done, until it has nothing more to do: the load goes on. */
  afterSteps: () => boolean = () => false;
  readonly #number: NodeNumber;
  readonly #charges: NodeCharges;
  readonly #machine: Machine;
  readonly #surroundings: Surroundings;
  readonly #random: RandomStream;
  /** Slots of those who live here. */
  readonly #slots: number[] = [];
  #isAsleep = true;
  #slept = true;
  /** When it last got a core. */
  #startedUs: Microseconds = 0;
  /** The turn that it is in, and its end; with others on the machine, also what leaves meanwhile. */
  readonly #agenda: Agenda;
  #inbox: Packet[] = [];
  #acts: (() => void)[] = [];
  readonly #local: LocalMessage[] = [];
  /** By node. */
  readonly #outgoing: (Packet | undefined)[] = [];
  #dirty: NodeNumber[] = [];
  /** The turn in which a connection was last read, by node. */
  readonly #readInTurn: number[] = [];
  /** When this turn began; NaN between turns. */
  #turnSinceUs: Microseconds = Number.NaN;
  /** What the turn's work so far takes by the profile, and how much longer it takes this time. */
  #workUs: Microseconds = 0;
  #pace = 1;
  readonly #collector: Collector;
  readonly #paceOf: (random: RandomStream) => number;
  /** Whose step it is. */
  #stepping: Member | undefined;
  #lastMade: Uint8Array | undefined;
  /** What went out last, in this step. */
  #lastSent: Uint8Array | undefined;
  /** Members with timers that have come. */
  #due: Member[] = [];
  readonly #turn: VirtualEvent = { happen: (nowUs) => this.#takeTurn(nowUs) };
  readonly #turnEnd: VirtualEvent = { happen: (nowUs) => this.#endTurn(nowUs) };

  constructor({ role, number, charges, machine, surroundings, random }: SimulatedNodeOptions) {
    this.#random = random;
    this.#paceOf = around(1, charges.transport.jitter);
    this.#collector = new Collector(charges.collector, random);
    this.role = role;
    this.#number = number;
    this.#charges = charges;
    this.#machine = machine;
    this.core = machine.place();
    this.#surroundings = surroundings;
    this.#agenda = new Agenda(surroundings.time);
  }

  /** What it has done so far, as a node in real time counts it. */
  get activity(): NodeActivity {
    return { ...this.#activity };
  }

  get hosts(): readonly ParticipantHost[] {
    const { members } = this.#surroundings;
    return this.#slots.flatMap((slot) => members[slot]?.host ?? []);
  }

  /** Puts a participant on this node, in the place of one of the same number, and starts it. */
  add(host: ParticipantHost, participant: Replica<Uint8Array>): void {
    const timers = new VirtualTimers((atUs) => this.#surroundings.time.at(atUs, alarm));
    const member = new Member(host, participant, timers);
    const alarm: VirtualEvent = { happen: (nowUs) => this.#alarm(member, nowUs) };
    const { addresses, members } = this.#surroundings;
    const slot = addresses.slot(host.self);
    const replaced = members[slot];
    if (replaced === undefined) this.#slots.push(slot);
    else replaced.timers.cancelAll();
    members[slot] = member;
    this.act(this.#surroundings.time.nowUs, () => this.#step(member, () => participant.start()));
  }

  /** Does something in a turn of this node, as soon as that time has come. */
  act(atUs: Microseconds, act: () => void): void {
    this.#surroundings.time.at(atUs, {
      happen: () => {
        this.#acts.push(act);
        this.#wake();
      },
    });
  }

  /** Begins an operation of a client that lives here; in a turn. */
  invoke(client: Client<Uint8Array>, id: ParticipantId, operation: Operation): void {
    const member = this.#memberOf(id);
    this.#workUs += this.#charges.invokeUs;
    if (member !== undefined) this.#step(member, () => client.invoke(operation));
  }

  arrive(packet: Packet, nowUs: Microseconds): void {
    const { time, network, nodes } = this.#surroundings;
    if (!packet.landed) {
      packet.landed = true;
      const takenInUs = network.receive(packet.sender, this.#number, packet.bytes, nowUs);
      if (takenInUs > nowUs) return time.at(takenInUs, packet);
    }
    this.#inbox.push(packet);
    this.#wake(this.#machine.isShared ? nodes[packet.sender] : undefined);
  }

  start(atUs: Microseconds, coreWas: CoreState): Microseconds {
    const { wakeLatencyUs, wakeIdleUs } = this.#charges.transport;
    const startUs = coreWas === 'asleep' ? atUs + wakeLatencyUs * this.#paceOf(this.#random) : atUs;
    this.#startedUs = startUs;
    if (!this.#agenda.isEmpty) this.#agenda.resume(startUs);
    else this.#approach(startUs, coreWas === 'asleep' ? wakeIdleUs : 0);
    return startUs;
  }

  stop(nowUs: Microseconds): void {
    if (nowUs > this.#startedUs) this.#activity.preemptions++;
    this.#agenda.suspend(nowUs);
  }

  interruptCore(): Microseconds {
    const { interruptUs } = this.#charges.transport;
    this.cpuUs += interruptUs;
    this.#agenda.delay(interruptUs);
    return interruptUs;
  }

  now(): Microseconds {
    if (this.#stepping !== undefined) this.#settle(this.#stepping);
    return Number.isNaN(this.#turnSinceUs) ? this.#surroundings.time.nowUs : this.#inTurnUs();
  }

  deliver(from: ParticipantId, to: ParticipantId, bytes: Uint8Array): void {
    const { addresses, nodes } = this.#surroundings;
    // To several receivers go the very same bytes, which were made once.
    if (bytes !== this.#lastMade) {
      this.#lastMade = bytes;
      this.#workUs += this.#charges.made.of(bytes.length);
    }
    const node = addresses.node(addresses.slot(to));
    if (node === this.#number) this.#local.push({ from, to, bytes });
    const receiver = nodes[node];
    if (receiver === undefined || receiver === this) return;
    const { transport } = this.#charges;
    // Within a machine there is no switch that could make copies.
    const isCopy = transport.multicast && !this.#machine.isShared && bytes === this.#lastSent;
    if (!isCopy) this.#workUs += transport.send.of(FRAME_HEADER_BYTES + bytes.length);
    let packet = this.#outgoing[node];
    if (packet === undefined) {
      packet = new Packet(this.#number, receiver);
      this.#outgoing[node] = packet;
      this.#dirty.push(node);
    }
    packet.add(from, to, bytes);
    if (transport.coalesces) return;
    if (isCopy) return this.#copy(node, packet);
    this.#lastSent = bytes;
    if (this.#stepping !== undefined) this.#settle(this.#stepping);
    this.#flush();
  }

  /** A further receiver of what has just gone out by multicast: the switch makes the copy. */
  #copy(node: NodeNumber, packet: Packet): void {
    const { time, network } = this.#surroundings;
    this.#outgoing[node] = undefined;
    this.#dirty.length = 0;
    const atUs = network.copy(this.#number, node, packet.bytes, this.#inTurnUs());
    if (atUs !== undefined) time.at(atUs, packet);
  }

  setTimer(owner: ParticipantId, timer: TimerId, atUs: Microseconds): void {
    this.#memberOf(owner)?.timers.set(timer, atUs);
  }

  cancelTimer(owner: ParticipantId, timer: TimerId): void {
    this.#memberOf(owner)?.timers.cancel(timer);
  }

  #wake(waker?: SimulatedNode): void {
    if (!this.#isAsleep) return;
    this.#isAsleep = false;
    this.#slept = true;
    this.#machine.wake(this, this.#surroundings.time.nowUs, waker);
  }

  /** The way from a core to the moment that the event loop asks what has come in: what comes until then is read, too. */
  #approach(startUs: Microseconds, wakeIdleUs = 0): void {
    this.#activity.turns++;
    if (this.#slept) this.#activity.wakes++;
    const approachUs = (this.#slept ? this.#charges.transport.wakeUs : 0) + wakeIdleUs;
    this.#slept = false;
    this.cpuUs += approachUs;
    this.#agenda.add(startUs + approachUs, this.#turn);
  }

  #takeTurn(nowUs: Microseconds): void {
    // Somewhere in the turn, in truth: what has been read waits for it, and so does what goes out when the turn ends.
    this.#turnSinceUs = nowUs + this.#collect();
    this.#workUs = 0;
    this.#pace = this.#paceOf(this.#random);
    if (this.#due.length > 0) this.#expireTimers(nowUs);
    const acts = this.#acts;
    const inbox = this.#inbox;
    if (acts.length > 0) this.#acts = [];
    this.#inbox = [];
    for (const act of acts) act();
    for (const packet of inbox) this.#read(packet);
    while (this.afterSteps() || this.#local.length > 0) this.#handleLocal();
    this.#flush();
    this.#workUs += this.#charges.transport.turnUs;
    const endUs = this.#inTurnUs();
    this.#turnSinceUs = Number.NaN;
    this.cpuUs += endUs - nowUs;
    this.#agenda.add(endUs, this.#turnEnd);
  }

  #collect(): Microseconds {
    const pauses = this.#collector.pausesUntil(this.cpuUs);
    const pausedUs = pauses * this.#collector.pauseUs;
    this.#activity.collections += pauses;
    this.#activity.collectionUs += pausedUs;
    return pausedUs;
  }

  /** How far the work of this turn has got. */
  #inTurnUs(): Microseconds {
    return this.#turnSinceUs + this.#pace * this.#workUs;
  }

  get #hasWork(): boolean {
    return this.#inbox.length > 0 || this.#acts.length > 0 || this.#due.length > 0;
  }

  #endTurn(nowUs: Microseconds): void {
    if (this.#hasWork) return this.#approach(nowUs);
    this.#isAsleep = true;
    this.core.sleep(nowUs);
  }

  #read({ sender, froms, tos, payloads, bytes }: Packet): void {
    const { read, receive, coalesces } = this.#charges.transport;
    const { turns } = this.#activity;
    if (!coalesces || this.#readInTurn[sender] !== turns) {
      this.#readInTurn[sender] = turns;
      this.#activity.reads++;
      this.#workUs += read.us;
    }
    this.#workUs += read.usPerByte * bytes;
    for (let index = 0; index < payloads.length; index++) {
      const payload = payloads[index];
      if (payload === undefined) continue;
      this.#workUs += receive.of(FRAME_HEADER_BYTES + payload.length);
      this.#handle(froms[index] ?? 0, tos[index] ?? 0, payload);
    }
  }

  #handleLocal(): void {
    for (const { from, to, bytes } of this.#local.splice(0)) this.#handle(from, to, bytes);
  }

  #handle(from: ParticipantId, to: ParticipantId, bytes: Uint8Array): void {
    const member = this.#memberOf(to);
    if (member === undefined) return;
    const { received } = this.#charges;
    this.#workUs += (received[messageKind(bytes)] ?? received.at(-1))?.of(bytes.length) ?? 0;
    member.host.countReceived(bytes);
    this.#stepping = member;
    member.participant.receive(from, bytes);
    this.#endStep(member);
  }

  #memberOf(participant: ParticipantId): Member | undefined {
    const { addresses, members } = this.#surroundings;
    return members[addresses.slot(participant)];
  }

  #step(member: Member, step: () => void): void {
    this.#stepping = member;
    step();
    this.#endStep(member);
  }

  #endStep(member: Member): void {
    this.#settle(member);
    this.#stepping = undefined;
    this.#lastMade = undefined;
    this.#lastSent = undefined;
  }

  /** Moves the clock on by what the step has counted and not yet been charged for. */
  #settle(member: Member): void {
    this.#workUs += member.charge(this.#charges, this.#surroundings.service);
  }

  /** One write to every connection that something is to go out on. */
  #flush(): void {
    if (this.#dirty.length === 0) return;
    const { time, network } = this.#surroundings;
    for (const node of this.#dirty) {
      const packet = this.#outgoing[node];
      if (packet === undefined) continue;
      this.#outgoing[node] = undefined;
      this.#activity.writes++;
      this.#workUs += this.#charges.transport.write.of(packet.bytes);
      if (this.#machine.isShared) {
        // What goes to another node of this machine is there as it leaves: whom it wakes, and what that costs the sender, is settled in his turn.
        this.#agenda.add(this.#inTurnUs(), packet);
        continue;
      }
      const atUs = network.transmit(this.#number, node, packet.bytes, this.#inTurnUs());
      if (atUs !== undefined) time.at(atUs, packet);
    }
    this.#dirty.length = 0;
  }

  /** A wake-up of a member's timers. Mostly what it was for has moved since: then it costs nothing. */
  #alarm(member: Member, nowUs: Microseconds): void {
    if (!member.timers.isDue(nowUs)) return member.timers.expire(nowUs, () => {});
    this.#due.push(member);
    this.#wake();
  }

  #expireTimers(nowUs: Microseconds): void {
    for (const member of this.#due.splice(0)) {
      member.timers.expire(nowUs, (timer) => {
        this.#workUs += this.#charges.expireUs;
        this.#step(member, () => member.participant.expire(timer));
      });
    }
  }
}

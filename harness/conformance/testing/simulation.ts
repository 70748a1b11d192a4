import { CountedAuthentication } from '../../../src/crypto/counted-authentication.ts';
import type { MacSuite } from '../../../src/crypto/mac-suite.ts';
import type { ParticipantId } from '../../../src/kernel/identifiers.ts';
import type { Client, ClientContext, Replica, TimerId } from '../../../src/kernel/participant.ts';
import type { Microseconds } from '../../../src/kernel/time.ts';
import { type HostRuntime, ParticipantHost } from '../../node/participant-host.ts';
import { type RandomStream, randomStream } from '../../node/random.ts';
import { EventQueue } from '../../runtimes/sim/event-queue.ts';

/** How messages travel. Every message draws its own delay, so a wide range reorders them. */
export interface SimulatedNetwork {
  readonly leastDelayUs: Microseconds;
  readonly mostDelayUs: Microseconds;
  /** Probability in [0, 1] that a message is lost. */
  readonly loss: number;
  /** Probability in [0, 1] that a message arrives twice. */
  readonly duplication: number;
}

export const PERFECT_NETWORK: SimulatedNetwork = { leastDelayUs: 100, mostDelayUs: 100, loss: 0, duplication: 0 };

export interface SimulationOptions {
  readonly seed: number;
  readonly suite: MacSuite;
  readonly network: SimulatedNetwork;
}

type Event =
  | { readonly type: 'message'; readonly from: ParticipantId; readonly to: ParticipantId; readonly bytes: Uint8Array }
  | { readonly type: 'timer'; readonly owner: ParticipantId; readonly timer: TimerId; readonly armed: number }
  | { readonly type: 'action'; readonly act: () => void };

interface Member {
  readonly host: ParticipantHost;
  readonly participant: Replica<Uint8Array>;
  readonly create: (context: ClientContext<Uint8Array>) => Replica<Uint8Array>;
  /** The arming that counts, for each set timer: an older event of a moved timer is stale. */
  readonly timers: Map<TimerId, number>;
  crashed: boolean;
}

const NETWORK_STREAM = -1;

/** Discrete events in one thread and virtual time. The same seed gives the same run, event by event. */
export class Simulation implements HostRuntime {
  readonly seed: number;
  /** Decides the fate of each message before the network does; a false return drops it. For faults and partitions. */
  admit: (from: ParticipantId, to: ParticipantId, bytes: Uint8Array) => boolean = () => true;
  readonly #suite: MacSuite;
  readonly #secret: Uint8Array;
  readonly #network: SimulatedNetwork;
  readonly #random: RandomStream;
  readonly #events = new EventQueue<Event>();
  readonly #members = new Map<ParticipantId, Member>();
  #nowUs: Microseconds = 0;
  #arming = 0;

  constructor(options: SimulationOptions) {
    this.seed = options.seed;
    this.#suite = options.suite;
    this.#secret = new TextEncoder().encode(`qu-bench simulation ${options.seed}`);
    this.#network = options.network;
    this.#random = randomStream(options.seed, NETWORK_STREAM);
  }

  now(): Microseconds {
    return this.#nowUs;
  }

  addReplica(id: ParticipantId, create: (context: ClientContext<Uint8Array>) => Replica<Uint8Array>): ParticipantHost {
    return this.#add(id, create).host;
  }

  addClient<C extends Client<Uint8Array>>(
    id: ParticipantId,
    create: (context: ClientContext<Uint8Array>) => C,
  ): { readonly host: ParticipantHost; readonly client: C } {
    const { host, participant } = this.#add(id, create);
    return { host, client: participant };
  }

  /** The member stops for good: it receives nothing, its timers are gone. */
  crash(id: ParticipantId): void {
    const member = this.#members.get(id);
    if (member !== undefined) member.crashed = true;
  }

  /** In place of a member, crashed or not, comes one that knows nothing; what was sent to the old one still arrives. */
  restart(id: ParticipantId): ParticipantHost {
    const member = this.#members.get(id);
    if (member === undefined) throw new Error(`there is no participant ${id}`);
    return this.#add(id, member.create, member.host.incarnation + 1).host;
  }

  /** Does something at a point of virtual time. */
  at(timeUs: Microseconds, act: () => void): void {
    this.#events.push(timeUs, { type: 'action', act });
  }

  /** Handles events up to and including `untilUs`; the clock stands there afterwards. */
  runUntil(untilUs: Microseconds): void {
    for (;;) {
      const next = this.#events.peekTime();
      if (next === undefined || next > untilUs) break;
      this.#step();
    }
    this.#nowUs = Math.max(this.#nowUs, untilUs);
  }

  /** Handles events until `done`; false if none are left or the bound is reached first. */
  runWhile(done: () => boolean, mostEvents: number): boolean {
    for (let handled = 0; handled < mostEvents; handled++) {
      if (done()) return true;
      if (this.#events.size === 0) return false;
      this.#step();
    }
    return done();
  }

  deliver(from: ParticipantId, to: ParticipantId, bytes: Uint8Array): void {
    if (!this.admit(from, to, bytes)) return;
    const { loss, duplication } = this.#network;
    if (loss > 0 && this.#random() < loss) return;
    this.#transmit(from, to, bytes);
    if (duplication > 0 && this.#random() < duplication) this.#transmit(from, to, bytes);
  }

  setTimer(owner: ParticipantId, timer: TimerId, atUs: Microseconds): void {
    const member = this.#members.get(owner);
    if (member === undefined) return;
    const armed = ++this.#arming;
    member.timers.set(timer, armed);
    this.#events.push(atUs, { type: 'timer', owner, timer, armed });
  }

  cancelTimer(owner: ParticipantId, timer: TimerId): void {
    this.#members.get(owner)?.timers.delete(timer);
  }

  #add<P extends Replica<Uint8Array>>(
    id: ParticipantId,
    create: (context: ClientContext<Uint8Array>) => P,
    incarnation = 0,
  ) {
    const authentication = new CountedAuthentication(this.#suite, this.#secret, id);
    const host = new ParticipantHost(id, authentication, randomStream(this.seed, id), this, incarnation);
    const participant = create(host);
    this.#members.set(id, { host, participant, create, timers: new Map(), crashed: false });
    participant.start();
    return { host, participant };
  }

  #transmit(from: ParticipantId, to: ParticipantId, bytes: Uint8Array): void {
    const { leastDelayUs, mostDelayUs } = this.#network;
    const spread = mostDelayUs - leastDelayUs;
    const delayUs = spread > 0 ? leastDelayUs + this.#random() * spread : leastDelayUs;
    this.#events.push(this.#nowUs + delayUs, { type: 'message', from, to, bytes });
  }

  #step(): void {
    this.#nowUs = Math.max(this.#nowUs, this.#events.peekTime() ?? 0);
    const event = this.#events.pop();
    if (event === undefined) return;
    if (event.type === 'action') return event.act();
    const member = this.#members.get(event.type === 'message' ? event.to : event.owner);
    if (member === undefined || member.crashed) return;
    if (event.type === 'message') {
      member.host.countReceived(event.bytes);
      member.participant.receive(event.from, event.bytes);
    } else if (member.timers.get(event.timer) === event.armed) {
      member.timers.delete(event.timer);
      member.participant.expire(event.timer);
    }
  }
}

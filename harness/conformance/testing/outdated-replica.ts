import type { Authentication } from '../../../src/kernel/authentication.ts';
import type { ParticipantId, ReplicaId } from '../../../src/kernel/identifiers.ts';
import type { Replica, ReplicaContext, TimerId } from '../../../src/kernel/participant.ts';

type Create = (context: ReplicaContext<Uint8Array>) => Replica<Uint8Array>;

/** A message that the replica has taken in. */
interface Received {
  readonly from: ParticipantId;
  readonly bytes: Uint8Array;
  /** Whether it made the replica accept something, by itself or as the last thing that an operation waited for. */
  readonly accepted: boolean;
}

const REFUSED_AS_STALE = /^\w+\.refused\.stale$/;
const ACCEPTED = /^\w+\.operation\.(?!(query|read)$)/;

/**
 * A replica of Q/U or Read/Conditional-Write without the currency bound: it accepts operations that are conditioned on what it has since passed. The bound cannot be
 * taken out of a replica from outside, but a replica can be made to forget: when it refuses a request as stale, a new one is made of the
 * messages that came before the newest accepted operation, then before the one before that, until one accepts the request. It is kept from
 * then on. A replica without the bound would end there too, as accepting a method prunes whatever the method is not conditioned on; only
 * that it leaves its own history out of a set that shows an older one, where this one takes it for right, having gone back to it.
 * What is forgotten is forgotten for all objects, so the schedule should update only one.
 */
export class OutdatedReplica implements Replica<Uint8Array> {
  readonly #create: Create;
  readonly #context: ReplicaContext<Uint8Array>;
  #current: Replayable;
  #received: readonly Received[] = [];

  constructor(create: Create, context: ReplicaContext<Uint8Array>) {
    this.#create = create;
    this.#context = context;
    this.#current = new Replayable(create, context);
  }

  start(): void {
    this.#current.start();
  }

  receive(from: ParticipantId, bytes: Uint8Array): void {
    this.#current.receive(from, bytes);
    if (this.#current.has(REFUSED_AS_STALE)) this.#forgetFor(from, bytes);
    else this.#received = [...this.#received, { from, bytes, accepted: this.#current.has(ACCEPTED) }];
    this.#current.release();
  }

  expire(timer: TimerId): void {
    this.#current.expire(timer);
    this.#current.release();
  }

  #forgetFor(from: ParticipantId, bytes: Uint8Array): void {
    for (let kept = this.#received.length - 1; kept >= 0; kept--) {
      if (this.#received[kept]?.accepted !== true) continue;
      const earlier = new Replayable(this.#create, this.#context);
      earlier.start();
      for (const past of this.#received.slice(0, kept)) earlier.receive(past.from, past.bytes);
      earlier.discard();
      earlier.receive(from, bytes);
      if (earlier.has(REFUSED_AS_STALE)) continue;
      // Refused for another reason, it would be refused without the bound as well.
      if (!earlier.has(ACCEPTED)) return;
      this.#current = earlier;
      this.#received = [...this.#received.slice(0, kept), { from, bytes, accepted: true }];
      return;
    }
  }
}

/** A replica whose messages and counts are held back until it is known whether it is the one that answers. */
class Replayable implements ReplicaContext<Uint8Array> {
  readonly self: ReplicaId;
  readonly incarnation: number;
  readonly authentication: Authentication;
  readonly #context: ReplicaContext<Uint8Array>;
  readonly #replica: Replica<Uint8Array>;
  #effects: (() => void)[] = [];
  #counted: string[] = [];

  constructor(create: Create, context: ReplicaContext<Uint8Array>) {
    this.self = context.self;
    this.incarnation = context.incarnation;
    this.authentication = context.authentication;
    this.#context = context;
    this.#replica = create(this);
  }

  start(): void {
    this.#replica.start();
  }

  receive(from: ParticipantId, bytes: Uint8Array): void {
    this.#replica.receive(from, bytes);
  }

  expire(timer: TimerId): void {
    this.#replica.expire(timer);
  }

  /** Whether such an event was counted since effects were last released or discarded. */
  has(counter: RegExp): boolean {
    return this.#counted.some((name) => counter.test(name));
  }

  release(): void {
    for (const effect of this.#effects) effect();
    this.discard();
  }

  discard(): void {
    this.#effects = [];
    this.#counted = [];
  }

  now(): number {
    return this.#context.now();
  }

  random(): number {
    return this.#context.random();
  }

  send(to: ParticipantId | readonly ParticipantId[], bytes: Uint8Array): void {
    this.#effects.push(() => this.#context.send(to, bytes));
  }

  /** Not held back: of a replica that is not kept the timers mean nothing to the one that is. */
  setTimer(timer: TimerId, delayUs: number): void {
    this.#context.setTimer(timer, delayUs);
  }

  cancelTimer(timer: TimerId): void {
    this.#context.cancelTimer(timer);
  }

  count(counter: string, amount?: number): void {
    this.#counted.push(counter);
    this.#effects.push(() => this.#context.count(counter, amount));
  }
}

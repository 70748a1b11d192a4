import type { CountedAuthentication } from '../../src/crypto/counted-authentication.ts';
import type { ParticipantId } from '../../src/kernel/identifiers.ts';
import type { ClientContext, TimerId } from '../../src/kernel/participant.ts';
import type { Microseconds } from '../../src/kernel/time.ts';
import type { RandomStream } from './random.ts';

/** What a runtime gives to the participants that it hosts. */
export interface HostRuntime {
  now(): Microseconds;
  /** Carries one message; `bytes` is not changed afterwards and may be kept. */
  deliver(from: ParticipantId, to: ParticipantId, bytes: Uint8Array): void;
  setTimer(owner: ParticipantId, timer: TimerId, atUs: Microseconds): void;
  cancelTimer(owner: ParticipantId, timer: TimerId): void;
}

/** Messages that one participant sent and received, payload bytes without headers. */
export interface TrafficCounts {
  messagesSent: number;
  bytesSent: number;
  messagesReceived: number;
  bytesReceived: number;
}

/** The context of one participant, the same in every runtime: it passes effects on to the runtime and counts them. */
export class ParticipantHost implements ClientContext<Uint8Array> {
  readonly self: ParticipantId;
  readonly incarnation: number;
  readonly authentication: CountedAuthentication;
  readonly traffic: TrafficCounts = { messagesSent: 0, bytesSent: 0, messagesReceived: 0, bytesReceived: 0 };
  readonly counters = new Map<string, number>();
  /** Called when the client's operation ends. */
  onComplete: (result: Uint8Array) => void = () => {};
  readonly #runtime: HostRuntime;
  readonly #random: RandomStream;

  constructor(
    self: ParticipantId,
    authentication: CountedAuthentication,
    random: RandomStream,
    runtime: HostRuntime,
    incarnation = 0,
  ) {
    this.self = self;
    this.incarnation = incarnation;
    this.authentication = authentication;
    this.#random = random;
    this.#runtime = runtime;
  }

  now(): Microseconds {
    return this.#runtime.now();
  }

  random(): number {
    return this.#random();
  }

  send(to: ParticipantId | readonly ParticipantId[], bytes: Uint8Array): void {
    if (typeof to === 'number') this.#sendOne(to, bytes);
    else for (const receiver of to) this.#sendOne(receiver, bytes);
  }

  setTimer(timer: TimerId, delayUs: Microseconds): void {
    this.#runtime.setTimer(this.self, timer, this.#runtime.now() + delayUs);
  }

  cancelTimer(timer: TimerId): void {
    this.#runtime.cancelTimer(this.self, timer);
  }

  count(counter: string, amount = 1): void {
    this.counters.set(counter, (this.counters.get(counter) ?? 0) + amount);
  }

  complete(result: Uint8Array): void {
    this.onComplete(result);
  }

  /** To be called by the runtime for every message that arrives. */
  countReceived(bytes: Uint8Array): void {
    this.traffic.messagesReceived++;
    this.traffic.bytesReceived += bytes.length;
  }

  #sendOne(to: ParticipantId, bytes: Uint8Array): void {
    this.traffic.messagesSent++;
    this.traffic.bytesSent += bytes.length;
    this.#runtime.deliver(this.self, to, bytes);
  }
}

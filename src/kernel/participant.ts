import type { Authentication } from './authentication.ts';
import type { ClientId, ParticipantId, ReplicaId } from './identifiers.ts';
import type { Operation } from './operation.ts';
import type { Microseconds } from './time.ts';

/**
 * The calling contract, whole. A participant (replica or client) is a deterministic state machine:
 *
 * - its driver calls `start` once, then `receive`, `expire` and, on clients, `invoke`, one at a time and never from
 *   within another call;
 * - the participant answers only through its context, within the call: it sends, sets and cancels timers, completes operations, counts;
 * - it touches nothing else: no socket, clock, timer, thread, random source, no `async`.
 *
 * The same events and the same random numbers give the same effects, in simulation, in a thread, in a process.
 */
export interface Replica<Message> {
  start(): void;
  receive(from: ParticipantId, message: Message): void;
  expire(timer: TimerId): void;
}

export interface Client<Message> extends Replica<Message> {
  /** Begins one operation; it ends with `context.complete`. One at a time: invoking a busy client throws. */
  invoke(operation: Operation): void;
}

/** Chosen by the participant; setting a timer that is set already moves it. */
export type TimerId = number;

export interface Context<Message> {
  readonly self: ParticipantId;
  /**
   * How often the participant was started before in this deployment. From 1 on it takes the place of one that had sent messages, and knows
   * nothing of them; only who started it again can tell it so.
   */
  readonly incarnation: number;
  readonly authentication: Authentication;
  now(): Microseconds;
  /** Uniform in [0, 1), from the run's one seed. */
  random(): number;
  /** Sends one message to one or several others; it is encoded once. Delivery is neither sure nor ordered. */
  send(to: ParticipantId | readonly ParticipantId[], message: Message): void;
  setTimer(timer: TimerId, delayUs: Microseconds): void;
  cancelTimer(timer: TimerId): void;
  /** Adds to a named event counter of this participant (see counters.ts for the names all protocols share). */
  count(counter: string, amount?: number): void;
}

export interface ReplicaContext<Message> extends Context<Message> {
  readonly self: ReplicaId;
}

export interface ClientContext<Message> extends Context<Message> {
  readonly self: ClientId;
  /** Ends the operation that was invoked. */
  complete(result: Uint8Array): void;
}

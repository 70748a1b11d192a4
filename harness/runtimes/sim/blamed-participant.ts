import type { ParticipantId } from '../../../src/kernel/identifiers.ts';
import type { Operation } from '../../../src/kernel/operation.ts';
import type { Client, Replica, TimerId } from '../../../src/kernel/participant.ts';
import { failureReason } from '../../node/failure-reason.ts';
import { RuntimeFailure } from '../runtime.ts';

/** A participant whose exceptions say which node they come from: in one thread, nothing else tells. */
export class BlamedReplica<Inner extends Replica<Uint8Array>> implements Replica<Uint8Array> {
  protected readonly inner: Inner;
  readonly #node: string;

  constructor(inner: Inner, node: string) {
    this.inner = inner;
    this.#node = node;
  }

  start(): void {
    try {
      this.inner.start();
    } catch (error) {
      throw this.blame(error);
    }
  }

  receive(from: ParticipantId, bytes: Uint8Array): void {
    try {
      this.inner.receive(from, bytes);
    } catch (error) {
      throw this.blame(error);
    }
  }

  expire(timer: TimerId): void {
    try {
      this.inner.expire(timer);
    } catch (error) {
      throw this.blame(error);
    }
  }

  protected blame(error: unknown): RuntimeFailure {
    return new RuntimeFailure(`${this.#node} failed: ${failureReason(error)}`);
  }
}

export class BlamedClient extends BlamedReplica<Client<Uint8Array>> implements Client<Uint8Array> {
  invoke(operation: Operation): void {
    try {
      this.inner.invoke(operation);
    } catch (error) {
      throw this.blame(error);
    }
  }
}

import { batchedBytes, type PendingRequest } from './batch.ts';
import type { ClientRecord } from './client-table.ts';

/** Requests that wait at the primary for an instance, at most one a client, first come first served. */
export class RequestQueue {
  #records: ClientRecord[] = [];
  #head = 0;

  get size(): number {
    return this.#records.length - this.#head;
  }

  /** A client that goes on to a newer request has no use for its older one: the newer takes its place. */
  push(record: ClientRecord, request: PendingRequest): void {
    record.pending = request;
    if (record.queued) return;
    record.queued = true;
    this.#records.push(record);
  }

  /** The next batch: at most `most` requests and, after the first, at most `mostBytes`. Skips what was executed meanwhile. */
  take(most: number, mostBytes: number): PendingRequest[] {
    const taken: PendingRequest[] = [];
    let bytes = 0;
    while (taken.length < most) {
      const record = this.#records[this.#head];
      if (record === undefined) break;
      const { pending } = record;
      if (pending !== undefined && pending.decoded.number > record.executed) {
        bytes += batchedBytes(pending);
        if (taken.length > 0 && bytes > mostBytes) break;
        taken.push(pending);
        record.ordered = Math.max(record.ordered, pending.decoded.number);
      }
      record.queued = false;
      record.pending = undefined;
      this.#head++;
    }
    this.#discardTaken();
    return taken;
  }

  #discardTaken(): void {
    if (this.#head === this.#records.length) {
      this.#records = [];
      this.#head = 0;
    } else if (this.#head >= 4096) {
      this.#records = this.#records.slice(this.#head);
      this.#head = 0;
    }
  }

  /** Empties the queue; the records keep their pending requests. */
  drain(): ClientRecord[] {
    const rest = this.#records.slice(this.#head);
    for (const record of rest) record.queued = false;
    this.#records = [];
    this.#head = 0;
    return rest;
  }
}

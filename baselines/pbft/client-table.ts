import type { ClientId } from '../../src/kernel/identifiers.ts';
import { LAST_PARTICIPANT } from '../../src/kernel/identifiers.ts';
import { Limit } from '../../src/wire/limits.ts';
import type { Field, FieldReader } from '../../src/wire/packing.ts';
import type { PendingRequest } from './batch.ts';
import { equalBytes } from './digest.ts';
import type { Digest } from './message.ts';

const NO_RESULT = new Uint8Array(0);
const NO_BODIES: readonly PendingRequest[] = [];
/** Large requests of one client that a replica keeps. */
const MOST_BODIES = 4;

/** What a replica knows of one client. Only requests that were authenticated make a record. */
export class ClientRecord {
  readonly client: ClientId;
  /** The number of the last request executed and its result: the reply cache, part of the replicated state. */
  executed = 0;
  result: Uint8Array = NO_RESULT;
  /** How often that result was asked for again. */
  repeats = 0;
  /** Whether that request was executed only tentatively so far; the entry before it is then kept, to go back to. */
  tentative = false;
  #formerNumber = 0;
  #formerResult: Uint8Array = NO_RESULT;
  /** The one request that waits: at the primary for an instance, at a backup for its execution. */
  pending: PendingRequest | undefined;
  /**
   * The client's latest large requests, newest first. A client goes on when the other replicas have answered, and what it sends next
   * may be here before the proposal that refers to the one before.
   */
  #bodies = NO_BODIES;
  /** Primary: the highest number of this client that was given an instance in this view. */
  ordered = 0;
  /** Primary: whether the queue holds this record. */
  queued = false;

  constructor(client: ClientId) {
    this.client = client;
  }

  /** Keeps a request that proposals will refer to by its digest. */
  keepBody(request: PendingRequest): void {
    const others = this.#bodies.filter(({ decoded }) => decoded.number !== request.decoded.number);
    this.#bodies = [request, ...others].slice(0, MOST_BODIES);
  }

  bodyOf(digest: Digest): PendingRequest | undefined {
    return this.#bodies.find((kept) => kept.digest !== undefined && equalBytes(kept.digest, digest));
  }

  /** The entry before the first request executed from now on is kept. */
  begin(): void {
    this.tentative = true;
    this.#formerNumber = this.executed;
    this.#formerResult = this.result;
  }

  /** What was executed since `begin` stands. */
  keep(): void {
    this.tentative = false;
    this.#formerResult = NO_RESULT;
  }

  /** What was executed since `begin` never was. */
  undo(): void {
    this.executed = this.#formerNumber;
    this.result = this.#formerResult;
    this.keep();
  }
}

export class ClientTable {
  readonly #records = new Map<ClientId, ClientRecord>();

  find(client: ClientId): ClientRecord | undefined {
    return this.#records.get(client);
  }

  open(client: ClientId): ClientRecord {
    let record = this.#records.get(client);
    if (record === undefined) {
      record = new ClientRecord(client);
      this.#records.set(client, record);
    }
    return record;
  }

  all(): IterableIterator<ClientRecord> {
    return this.#records.values();
  }

  /** The reply cache, in the order of the clients' numbers. */
  appendTo(fields: Field[]): void {
    const executed = [...this.#records.values()].filter((record) => record.executed > 0);
    executed.sort((a, b) => a.client - b.client);
    for (const { client, executed: number, result } of executed) fields.push(client, number, result);
  }

  /** Takes over a reply cache. Throws MalformedMessage; the table is then as it was. */
  restoreFrom(fields: FieldReader): void {
    const restored: { client: ClientId; number: number; result: Uint8Array }[] = [];
    while (fields.remaining > 0) {
      const client = fields.integer(LAST_PARTICIPANT);
      const number = fields.integer(Number.MAX_SAFE_INTEGER);
      restored.push({ client, number, result: new Uint8Array(fields.bytes(0, Limit.resultBytes)) });
    }
    for (const { client, number, result } of restored) {
      const record = this.open(client);
      record.executed = number;
      record.result = result;
    }
  }
}

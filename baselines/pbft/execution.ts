import type { Operation } from '../../src/kernel/operation.ts';
import type { Service } from '../../src/kernel/service.ts';
import { StateMachine } from '../../src/services/state-machine.ts';
import { Limit } from '../../src/wire/limits.ts';
import { type Field, pack, unpack } from '../../src/wire/packing.ts';
import type { Batch } from './batch.ts';
import { type ClientRecord, ClientTable } from './client-table.ts';
import type { SequenceNumber } from './message.ts';

/**
 * The replicated state: the service's state machine and the reply cache, and how far the sequence was executed. The batch after that may be
 * executed tentatively, before it is known to have committed [OSDI §5.1]: it is kept when it commits and undone if the view is left before.
 * One batch at most: its predecessors have all committed.
 */
export class Execution {
  readonly clients = new ClientTable();
  readonly #machine: StateMachine;
  #executed: SequenceNumber = 0;
  #isTentative = false;
  /** Clients whose requests were executed tentatively, each once. */
  readonly #tentative: ClientRecord[] = [];

  constructor(service: Service) {
    this.#machine = new StateMachine(service);
  }

  /** The last sequence number executed for good. */
  get executed(): SequenceNumber {
    return this.#executed;
  }

  /** Whether the next batch was executed tentatively. */
  get isTentative(): boolean {
    return this.#isTentative;
  }

  /** Executes the next batch, which has committed. Each request carried out is handed to `carriedOut` with its client's record. */
  execute(batch: Batch, carriedOut: (record: ClientRecord) => void): void {
    this.#run(batch, carriedOut);
    this.#executed++;
  }

  /** Whether all that was executed has committed, so that a query may see it. */
  get isSettled(): boolean {
    return !this.#isTentative;
  }

  isQuery(operation: Operation): boolean {
    return this.#machine.isQuery(operation);
  }

  /** The result of a query on the state as it is. */
  query(operation: Operation): Uint8Array {
    return this.#machine.execute(operation);
  }

  /** Executes the next batch, which has not committed yet. */
  executeTentatively(batch: Batch, carriedOut: (record: ClientRecord) => void): void {
    this.#isTentative = true;
    this.#machine.begin();
    this.#run(batch, carriedOut);
  }

  /** The batch executed tentatively has committed. Each client with a request in it is handed to `kept`. */
  keep(kept: (record: ClientRecord) => void): void {
    this.#machine.keep();
    for (const record of this.#tentative) {
      record.keep();
      kept(record);
    }
    this.#tentative.length = 0;
    this.#isTentative = false;
    this.#executed++;
  }

  /** The batch executed tentatively, if there is one, may never commit: service and reply cache are again as before it. */
  undo(): void {
    if (!this.#isTentative) return;
    this.#machine.undo();
    for (const record of this.#tentative) record.undo();
    this.#tentative.length = 0;
    this.#isTentative = false;
  }

  /** A request that was executed before, or is older than one that was, is passed over (§4.1: exactly once). */
  #run(batch: Batch, carriedOut: (record: ClientRecord) => void): void {
    for (const { client, number, operation } of batch.requests) {
      const record = this.clients.open(client);
      if (number <= record.executed) continue;
      if (this.#isTentative && !record.tentative) {
        record.begin();
        this.#tentative.push(record);
      }
      record.result = this.#machine.execute(operation);
      record.executed = number;
      record.repeats = 0;
      carriedOut(record);
    }
  }

  /** The same bytes on every replica that executed the same sequence; not to be taken while a batch is tentative. */
  snapshot(): Uint8Array {
    const fields: Field[] = [this.#machine.snapshot()];
    this.clients.appendTo(fields);
    return pack(fields);
  }

  /** Takes over the state after `sequence`. Throws MalformedMessage if the bytes are no snapshot. */
  restore(sequence: SequenceNumber, snapshot: Uint8Array): void {
    this.undo();
    const fields = unpack(snapshot);
    const machine = fields.bytes(0, Limit.messageBytes);
    this.clients.restoreFrom(fields);
    this.#machine.restore(new Uint8Array(machine));
    this.#executed = sequence;
  }
}

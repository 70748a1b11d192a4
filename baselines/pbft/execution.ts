import type { Service } from '../../src/kernel/service.ts';
import { StateMachine } from '../../src/services/state-machine.ts';
import { Limit } from '../../src/wire/limits.ts';
import { type Field, pack, unpack } from '../../src/wire/packing.ts';
import type { Batch } from './batch.ts';
import type { ClientRecord, ClientTable } from './client-table.ts';
import type { SequenceNumber } from './message.ts';

/** The replicated state: the service's state machine and the reply cache, and how far the sequence was executed. */
export class Execution {
  readonly #machine: StateMachine;
  readonly #clients: ClientTable;
  #executed: SequenceNumber = 0;

  constructor(service: Service, clients: ClientTable) {
    this.#machine = new StateMachine(service);
    this.#clients = clients;
  }

  /** The last sequence number executed. */
  get executed(): SequenceNumber {
    return this.#executed;
  }

  /**
   * Executes the next batch. A request that was executed before, or is older than one that was, is passed over (§4.1: exactly once). Each
   * one carried out is handed to `carriedOut` with its client's record.
   */
  execute(batch: Batch, carriedOut: (record: ClientRecord) => void): void {
    this.#executed++;
    for (const { client, number, operation } of batch.requests) {
      const record = this.#clients.open(client);
      if (number <= record.executed) continue;
      record.result = this.#machine.execute(operation);
      record.executed = number;
      carriedOut(record);
    }
  }

  /** The same bytes on every replica that executed the same sequence. */
  snapshot(): Uint8Array {
    const fields: Field[] = [this.#machine.snapshot()];
    this.#clients.appendTo(fields);
    return pack(fields);
  }

  /** Takes over the state after `sequence`. Throws MalformedMessage if the bytes are no snapshot. */
  restore(sequence: SequenceNumber, snapshot: Uint8Array): void {
    const fields = unpack(snapshot);
    const machine = fields.bytes(0, Limit.messageBytes);
    this.#clients.restoreFrom(fields);
    this.#machine.restore(new Uint8Array(machine));
    this.#executed = sequence;
  }
}

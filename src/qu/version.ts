import { type ClientId, LAST_PARTICIPANT } from '../kernel/identifiers.ts';
import type { Service } from '../kernel/service.ts';
import { copyOf } from '../wire/bytes.ts';
import { Limit } from '../wire/limits.ts';
import { decoding, type Field, type FieldReader, pack } from '../wire/packing.ts';
import type { ClientRequest } from '../wire/request.ts';

/** The last operation that a client has had applied to an object, and its result. */
export interface AppliedOperation {
  readonly client: ClientId;
  readonly number: number;
  readonly result: Uint8Array;
}

/** Ascending by client. */
export type AppliedTable = readonly AppliedOperation[];

/**
 * One version of an object: what a replica keeps for a candidate that is no barrier. Immutable.
 *
 * `applied` makes operations happen exactly once. A client whose update was accepted by some replicas and then overtaken cannot tell from
 * pruned histories whether somebody repaired it: its candidate may lie versions back. So each version carries, for every client that
 * has updated the object, the last operation's number and result. When the operation comes again under a new timestamp its
 * result is taken from there. The table is part of the version, so it follows exactly the line of versions that survives: an operation whose
 * candidate was given up is not in it.
 */
export interface Version {
  readonly state: Uint8Array;
  /** The result of the operation that made this version; empty for the initial one. */
  readonly result: Uint8Array;
  readonly applied: AppliedTable;
}

const NO_RESULT = new Uint8Array(0);

export function initialVersion(service: Service, object: string): Version {
  return { state: service.initialState(object), result: NO_RESULT, applied: [] };
}

/** The version that an update makes out of the one it is conditioned on. */
export function apply(service: Service, version: Version, request: ClientRequest): Version {
  const { client, number, operation } = request;
  const { applied } = version;
  const last = lastApplied(applied, client);
  if (last !== undefined && last.number >= number) {
    // An older number than the last one is a leftover of an operation that its client has long had answered.
    return { state: version.state, result: last.number === number ? last.result : NO_RESULT, applied };
  }
  const { state, result } = service.execute(version.state, operation.method, operation.argument);
  return { state, result, applied: withApplied(applied, { client, number, result }) };
}

/**
 * The versions that an update of several objects makes, its first object's first. It is in the tables of all of them; as a joint candidate survives in all
 * objects or in none, one table that has it speaks for the others.
 */
export function applyJointly(service: Service, versions: readonly Version[], request: ClientRequest): Version[] {
  const { client, number, operation } = request;
  const last = versions
    .map(({ applied }) => lastApplied(applied, client))
    .find((entry) => entry !== undefined && entry.number >= number);
  if (last !== undefined) {
    const result = last.number === number ? last.result : NO_RESULT;
    return versions.map(({ state, applied }) => ({ state, result, applied }));
  }
  const [first = NO_RESULT, ...others] = versions.map(({ state }) => state);
  const execution = service.execute(first, operation.method, operation.argument, others);
  const { result } = execution;
  const states = [execution.state, ...(execution.others ?? others)];
  return versions.map(({ state, applied }, index) => ({
    state: states[index] ?? state,
    result,
    applied: withApplied(applied, { client, number, result }),
  }));
}

export function lastApplied(applied: AppliedTable, client: ClientId): AppliedOperation | undefined {
  const last = applied[placeOf(applied, client)];
  return last?.client === client ? last : undefined;
}

/** The table with this operation as its client's last one. */
export function withApplied(applied: AppliedTable, entry: AppliedOperation): AppliedTable {
  const index = placeOf(applied, entry.client);
  const isKnown = applied[index]?.client === entry.client;
  // Mostly an object has one writer.
  if (isKnown && applied.length === 1) return [entry];
  return applied.toSpliced(index, isKnown ? 1 : 0, entry);
}

/** Where the client's entry is, or belongs. */
function placeOf(applied: AppliedTable, client: ClientId): number {
  let index = 0;
  while ((applied[index]?.client ?? client) < client) index++;
  return index;
}

/** The same bytes for equal versions; what object syncing compares and sends. */
export function encodeVersion(version: Version): Uint8Array {
  return pack([version.state, version.result, ...tableFields(version.applied)]);
}

export function tableFields(applied: AppliedTable): Field[] {
  return applied.flatMap(({ client, number, result }) => [client, number, result]);
}

/** Reads all that is left. Results are copies. */
export function readTable(fields: FieldReader): AppliedTable {
  const applied: AppliedOperation[] = [];
  while (fields.remaining > 0) {
    const client = fields.integer(LAST_PARTICIPANT);
    const number = fields.integer(Number.MAX_SAFE_INTEGER);
    applied.push({ client, number, result: copyOf(fields.bytes(0, Limit.resultBytes)) });
  }
  return applied;
}

/** A copy that shares nothing with `bytes`; undefined if it is no version. */
export function decodeVersion(bytes: Uint8Array): Version | undefined {
  return decoding(bytes, (fields) => {
    const state = copyOf(fields.bytes(0, Limit.messageBytes));
    const result = copyOf(fields.bytes(0, Limit.resultBytes));
    return { state, result, applied: readTable(fields) };
  });
}

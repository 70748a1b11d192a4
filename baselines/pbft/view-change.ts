import type { ReplicaId } from '../../src/kernel/identifiers.ts';
import { decoding, type Field, type FieldReader, pack } from '../../src/wire/packing.ts';
import { MOST_NUMBER, MOST_REPLICAS } from './codec.ts';
import type { Digest, View, ViewChange } from './message.ts';
import type { BatchMark, CheckpointMark, NewViewChoice, ViewChangeClaim } from './new-view.ts';

const DIGEST_BYTES = 32;
/** More entries than any honest claim has, at the largest log. */
const MOST_ENTRIES = 2 ** 17;

/** A claim as it was received. */
export interface ReceivedClaim {
  /** Whether its author authenticated it to this replica; else it counts by others' word for it. */
  readonly isAuthentic: boolean;
  readonly claim: ViewChangeClaim;
  readonly digest: Digest;
  readonly message: ViewChange;
}

export function encodeClaim(claim: ViewChangeClaim): Uint8Array {
  const fields: Field[] = [claim.replica, claim.incarnation, claim.view, claim.stable];
  fields.push(claim.checkpoints.length);
  for (const { sequence, digest } of claim.checkpoints) fields.push(sequence, digest);
  for (const marks of [claim.prepared, claim.prePrepared]) {
    fields.push(marks.length);
    for (const { sequence, view, digest } of marks) fields.push(sequence, view, digest);
  }
  return pack(fields);
}

function checkpointMark(fields: FieldReader): CheckpointMark {
  return { sequence: fields.integer(MOST_NUMBER), digest: fields.bytes(DIGEST_BYTES, DIGEST_BYTES) };
}

function batchMark(fields: FieldReader): BatchMark {
  return {
    sequence: fields.integer(MOST_NUMBER),
    view: fields.integer(MOST_NUMBER),
    digest: fields.bytes(DIGEST_BYTES, DIGEST_BYTES),
  };
}

function list<Entry>(fields: FieldReader, entry: (fields: FieldReader) => Entry): Entry[] {
  const entries: Entry[] = [];
  for (let left = fields.integer(MOST_ENTRIES); left > 0; left--) entries.push(entry(fields));
  return entries;
}

/** Undefined if the bytes are no claim. The result holds views of them. */
export function decodeClaim(body: Uint8Array): ViewChangeClaim | undefined {
  return decoding(body, (fields) => {
    const claim: ViewChangeClaim = {
      replica: fields.integer(MOST_REPLICAS),
      incarnation: fields.integer(MOST_NUMBER),
      view: fields.integer(MOST_NUMBER),
      stable: fields.integer(MOST_NUMBER),
      checkpoints: list(fields, checkpointMark),
      prepared: list(fields, batchMark),
      prePrepared: list(fields, batchMark),
    };
    fields.end();
    return claim;
  });
}

/** Whether a claim could be a correct replica's whose log holds `logSize` sequence numbers: P has one entry for each, in their order. */
export function plausible(claim: ViewChangeClaim, logSize: number): boolean {
  const inLog = ({ sequence, view }: BatchMark) =>
    sequence > claim.stable && sequence <= claim.stable + logSize && view < claim.view;
  return (
    claim.checkpoints.every(({ sequence }) => sequence >= claim.stable && sequence <= claim.stable + logSize) &&
    claim.prepared.every(
      (mark, i) => inLog(mark) && mark.sequence > (claim.prepared[i - 1]?.sequence ?? claim.stable),
    ) &&
    claim.prePrepared.every(inLog)
  );
}

/** [TOCS §5] What a NEW-VIEW message says: the claims that it rests on, named by author and digest, and the choice. */
export interface NewViewProposal {
  readonly view: View;
  readonly claims: readonly { readonly replica: ReplicaId; readonly digest: Digest }[];
  readonly choice: NewViewChoice;
}

export function encodeProposal({ view, claims, choice }: NewViewProposal): Uint8Array {
  const fields: Field[] = [view, claims.length];
  for (const { replica, digest } of claims) fields.push(replica, digest);
  fields.push(choice.checkpoint.sequence, choice.checkpoint.digest, choice.batches.length, ...choice.batches);
  return pack(fields);
}

export function decodeProposal(body: Uint8Array): NewViewProposal | undefined {
  return decoding(body, (fields) => {
    const view = fields.integer(MOST_NUMBER);
    const claims = list(fields, () => ({
      replica: fields.integer(MOST_REPLICAS),
      digest: fields.bytes(DIGEST_BYTES, DIGEST_BYTES),
    }));
    const checkpoint = checkpointMark(fields);
    const batches = list(fields, () => fields.bytes(DIGEST_BYTES, DIGEST_BYTES));
    fields.end();
    return { view, claims, choice: { checkpoint, batches } };
  });
}

/** The latest claim of each replica: at most n. */
export class ClaimStore {
  readonly #byReplica: (ReceivedClaim | undefined)[];

  constructor(replicas: number) {
    this.#byReplica = new Array<ReceivedClaim | undefined>(replicas).fill(undefined);
  }

  of(replica: ReplicaId): ReceivedClaim | undefined {
    return this.#byReplica[replica];
  }

  put(received: ReceivedClaim): void {
    this.#byReplica[received.claim.replica] = received;
  }

  forView(view: View): ReceivedClaim[] {
    return this.#byReplica
      .filter((received) => received?.claim.view === view)
      .filter((received) => received !== undefined);
  }

  /** How many ask for `view` or have given up even that one: only a replica's latest claim is kept, and only that is sent again. */
  askingFor(view: View): number {
    return this.#byReplica.filter((received) => received !== undefined && received.claim.view >= view).length;
  }

  /** [§4.5.2] The smallest view above `view` that a replica joins: f+1 others ask for it or a later one, so a correct one does. */
  viewToJoin(view: View, faults: number): View | undefined {
    const later: View[] = [];
    for (const received of this.#byReplica) {
      if (received !== undefined && received.claim.view > view) later.push(received.claim.view);
    }
    return later.length > faults ? Math.min(...later) : undefined;
  }
}

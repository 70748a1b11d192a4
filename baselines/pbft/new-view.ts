import type { ReplicaId } from '../../src/kernel/identifiers.ts';
import { viewChangesNeeded } from './certificates.ts';
import { equalBytes, NULL_DIGEST } from './digest.ts';
import type { Digest, SequenceNumber, View } from './message.ts';

export interface CheckpointMark {
  readonly sequence: SequenceNumber;
  readonly digest: Digest;
}

/** An entry of P or Q. */
export interface BatchMark {
  readonly sequence: SequenceNumber;
  readonly view: View;
  readonly digest: Digest;
}

/** [TOCS §5] What a VIEW-CHANGE message says. */
export interface ViewChangeClaim {
  readonly replica: ReplicaId;
  /** The author's: a claim of one that has forgotten it since must not count any more (rejoining.ts). */
  readonly incarnation: number;
  /** The view that it asks for. */
  readonly view: View;
  /** h: the author's last stable checkpoint. */
  readonly stable: SequenceNumber;
  /** C: the checkpoints that it holds, the stable one included. */
  readonly checkpoints: readonly CheckpointMark[];
  /** P: for each sequence number above h the digest that it prepared last. */
  readonly prepared: readonly BatchMark[];
  /** Q: the digests that it pre-prepared, each with the latest view. */
  readonly prePrepared: readonly BatchMark[];
}

/** What the new view starts from: a checkpoint, and the digests of the batches that follow it without a gap. */
export interface NewViewChoice {
  readonly checkpoint: CheckpointMark;
  readonly batches: readonly Digest[];
}

/**
 * [TOCS §5, Fig. 4] The new primary's decision procedure, which backups repeat. Undefined while the claims do not decide: the primary then
 * waits for more. Any 2f+1 claims of correct replicas decide.
 */
export function chooseNewView(claims: readonly ViewChangeClaim[], faults: number): NewViewChoice | undefined {
  const checkpoint = chooseCheckpoint(claims, faults);
  if (checkpoint === undefined) return undefined;
  const chosen = choosePrepared(claims, checkpoint.sequence, faults);
  if (chosen === undefined) return undefined;
  let last = checkpoint.sequence;
  // Null batches that nothing follows are left out.
  for (const [sequence, digest] of chosen) if (digest !== NULL_DIGEST) last = Math.max(last, sequence);
  const batches: Digest[] = [];
  for (let sequence = checkpoint.sequence + 1; sequence <= last; sequence++) {
    const digest = chosen.get(sequence) ?? chooseBatch(claims, sequence, faults);
    if (digest === undefined) return undefined;
    batches.push(digest);
  }
  return { checkpoint, batches };
}

/**
 * The choices for what any claim has as prepared above the checkpoint; undefined if one is undecided. A faulty replica can name a sequence
 * number far above all logs, so what lies in between is not walked through before a correct one vouches for the end.
 */
function choosePrepared(
  claims: readonly ViewChangeClaim[],
  checkpoint: SequenceNumber,
  faults: number,
): ReadonlyMap<SequenceNumber, Digest> | undefined {
  const chosen = new Map<SequenceNumber, Digest>();
  for (const { sequence } of claims.flatMap(({ prepared }) => prepared)) {
    if (sequence <= checkpoint || chosen.has(sequence)) continue;
    const digest = chooseBatch(claims, sequence, faults);
    if (digest === undefined) return undefined;
    chosen.set(sequence, digest);
  }
  return chosen;
}

/** The highest checkpoint that f+1 hold, so a correct one does, and that 2f+1 have not passed. */
export function chooseCheckpoint(claims: readonly ViewChangeClaim[], faults: number): CheckpointMark | undefined {
  let chosen: CheckpointMark | undefined;
  for (const claim of claims) {
    for (const mark of claim.checkpoints) {
      if (chosen !== undefined && mark.sequence <= chosen.sequence) continue;
      const notPassed = claims.filter(({ stable }) => stable <= mark.sequence).length;
      const holders = claims.filter(({ checkpoints }) =>
        checkpoints.some((held) => held.sequence === mark.sequence && equalBytes(held.digest, mark.digest)),
      ).length;
      if (notPassed >= viewChangesNeeded(faults) && holders >= faults + 1) chosen = mark;
    }
  }
  return chosen;
}

/** The digest for one sequence number, the null digest if nothing can have been committed there; undefined if undecided. */
export function chooseBatch(
  claims: readonly ViewChangeClaim[],
  sequence: SequenceNumber,
  faults: number,
): Digest | undefined {
  for (const claim of claims) {
    for (const mark of claim.prepared) {
      if (mark.sequence !== sequence) continue;
      if (notContradicted(claims, mark, faults) && vouchedFor(claims, mark, faults)) return mark.digest;
    }
  }
  return nothingPrepared(claims, sequence, faults) ? NULL_DIGEST : undefined;
}

/** Condition A1: 2f+1 claims prepared nothing later there, and nothing else in the same view. */
function notContradicted(claims: readonly ViewChangeClaim[], mark: BatchMark, faults: number): boolean {
  const agreeing = claims.filter(
    (claim) =>
      claim.stable < mark.sequence &&
      claim.prepared.every(
        (other) =>
          other.sequence !== mark.sequence ||
          other.view < mark.view ||
          (other.view === mark.view && equalBytes(other.digest, mark.digest)),
      ),
  );
  return agreeing.length >= viewChangesNeeded(faults);
}

/** Condition A2: f+1 claims pre-prepared that digest in the view or later, so a correct replica holds an authentic batch. */
function vouchedFor(claims: readonly ViewChangeClaim[], mark: BatchMark, faults: number): boolean {
  const vouching = claims.filter((claim) =>
    claim.prePrepared.some(
      (other) => other.sequence === mark.sequence && other.view >= mark.view && equalBytes(other.digest, mark.digest),
    ),
  );
  return vouching.length >= faults + 1;
}

/** Condition B: 2f+1 claims have nothing prepared there. */
function nothingPrepared(claims: readonly ViewChangeClaim[], sequence: SequenceNumber, faults: number): boolean {
  const empty = claims.filter(
    (claim) => claim.stable < sequence && !claim.prepared.some((mark) => mark.sequence === sequence),
  );
  return empty.length >= viewChangesNeeded(faults);
}

export function sameChoice(a: NewViewChoice, b: NewViewChoice): boolean {
  return (
    a.checkpoint.sequence === b.checkpoint.sequence &&
    equalBytes(a.checkpoint.digest, b.checkpoint.digest) &&
    a.batches.length === b.batches.length &&
    a.batches.every((digest, i) => equalBytes(digest, b.batches[i] ?? NULL_DIGEST))
  );
}

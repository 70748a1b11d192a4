import type { ReplicaId } from '../../../src/kernel/identifiers.ts';
import { CachedHistorySet, type HistorySetSnapshot } from '../../../src/qu/cached-history-set.ts';
import { thresholdsOf, type WeighedHistory } from '../../../src/qu/classification.ts';
import { UNKNOWN, weigh } from '../../../src/qu/history-set.ts';
import type { QuMessage } from '../../../src/qu/message.ts';
import { concatenated } from '../../../src/wire/bytes.ts';
import type { RandomStream } from '../../node/random.ts';
import type { JointIntruder } from './joint-intruder.ts';
import { someOf } from './ledger-clients.ts';

const MOST_SENT = 64;

/** Has an intruder do this and that at random. */
export class JointRoamer {
  readonly #intruder: JointIntruder;
  readonly #objects: readonly string[];
  readonly #random: RandomStream;
  readonly #sent: { readonly to: ReplicaId; readonly message: QuMessage }[] = [];
  #operations = 0;

  constructor(intruder: JointIntruder, objects: readonly string[], random: RandomStream) {
    this.#intruder = intruder;
    this.#objects = objects;
    this.#random = random;
  }

  /** One step: a look, something sent before, or requests over a few of the objects as replicas may accept them. */
  step(): void {
    const group = someOf(this.#objects, 2 + this.#below(this.#objects.length - 1), this.#random);
    const drawn = this.#random();
    if (drawn < 0.35) this.#intruder.look(this.#random() < 0.5 ? this.#objects : group);
    else if (drawn < 0.45) this.#repeat();
    else this.#request(group);
  }

  #repeat(): void {
    const past = this.#sent[this.#below(this.#sent.length)];
    if (past !== undefined) this.#intruder.context.send(past.to, past.message);
  }

  /** To each of some replicas what the group calls for by the entries that it finds right. */
  #request(objects: readonly string[]): void {
    const { everyone, deployment, context } = this.#intruder;
    const hiding = this.#random() < 0.3 ? 0.2 : 0;
    const ageing = this.#random() < 0.3 ? 0.5 : 0;
    const spoiling = this.#random() < 0.5 ? 0.25 : 0;
    const caches = this.#chosenCaches(objects, hiding, ageing);
    const snapshots = caches.map((cache) => cache.snapshot(thresholdsOf(deployment)));
    const number = this.#random() < 0.2 ? 1 + this.#below(this.#operations) : ++this.#operations;
    const reaching = this.#random() < 0.4 ? 0.4 : 0.9;
    const isDivided = this.#random() < 0.3;
    for (const to of everyone) {
      if (this.#random() >= reaching) continue;
      const method = isDivided && this.#random() < 0.5 ? 'read' : 'move';
      const entries = concatenated(caches.map((cache) => cache.entriesFor(to)));
      const histories = this.#spoil(entries, snapshots, to, spoiling);
      const message = this.#intruder
        .propose({ objects, snapshots, histories }, { number, method })
        .messageFor?.(to, entries);
      if (message === undefined) continue;
      this.#sent[this.#below(MOST_SENT)] = { to, message };
      context.send(to, message);
    }
  }

  /** History sets with some replicas hidden, the same ones in all or others in each, and some shown as they were. */
  #chosenCaches(objects: readonly string[], hiding: number, ageing: number): CachedHistorySet[] {
    const { everyone } = this.#intruder;
    const isHiddenInAll = this.#random() < 0.5;
    const hidden = new Set(everyone.filter(() => this.#random() < hiding));
    const isHidden = (replica: ReplicaId) => (isHiddenInAll ? hidden.has(replica) : this.#random() < hiding);
    return objects.map((object) => this.#chosenCache(object, isHidden, ageing));
  }

  #chosenCache(object: string, isHidden: (replica: ReplicaId) => boolean, ageing: number): CachedHistorySet {
    const { everyone, deployment, context } = this.#intruder;
    const cache = new CachedHistorySet(object, deployment, context.authentication);
    for (const replica of everyone) {
      if (isHidden(replica)) continue;
      const shown = this.#intruder.shown(object, replica);
      const chosen = shown[this.#random() < ageing ? this.#below(shown.length) : 0];
      if (chosen !== undefined) cache.update(replica, cache.digested(chosen.history, undefined), chosen.authenticator);
    }
    return cache;
  }

  /** Spoils some of the entries for this receiver; the histories of each object that count for it then. */
  #spoil(
    entries: Uint8Array,
    snapshots: readonly HistorySetSnapshot[],
    to: ReplicaId,
    spoiling: number,
  ): WeighedHistory[][] {
    const { tagBytes } = this.#intruder.context.authentication;
    return snapshots.map(({ set }, index) => {
      const row = entries.subarray(index * set.indexes.length * tagBytes);
      const weights = new Array<number>(set.histories.length).fill(0);
      for (const [replica, history] of set.indexes.entries()) {
        if (history === UNKNOWN) continue;
        const offset = replica * tagBytes;
        if (replica !== to && this.#random() < spoiling) row[offset] = (row[offset] ?? 0) ^ 1;
        else weights[history] = (weights[history] ?? 0) + 1;
      }
      return weigh(set.histories, weights, set.indexes.length);
    });
  }

  #below(bound: number): number {
    return Math.floor(this.#random() * bound);
  }
}

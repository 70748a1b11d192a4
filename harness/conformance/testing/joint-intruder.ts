import { isReplica, type ParticipantId, type ReplicaId } from '../../../src/kernel/identifiers.ts';
import type { Client, ClientContext } from '../../../src/kernel/participant.ts';
import type { Deployment } from '../../../src/kernel/protocol.ts';
import { conditionedRequestBytes, jointHistoryQueryBytes } from '../../../src/qu/authenticated-bytes.ts';
import { CachedHistorySet } from '../../../src/qu/cached-history-set.ts';
import { type Thresholds, thresholdsOf } from '../../../src/qu/classification.ts';
import { historySetDigest } from '../../../src/qu/history-set.ts';
import { Bindings } from '../../../src/qu/joint/binding.ts';
import { objectsDigest } from '../../../src/qu/joint/digests.ts';
import type { JointReply, ShownObject } from '../../../src/qu/joint/message.ts';
import type { QuMessage } from '../../../src/qu/message.ts';
import type { ObjectOptions } from '../../../src/qu/options.ts';
import { type ReplicaSet, replicaSet } from '../../../src/qu/replica-set.ts';
import { setUp } from '../../../src/qu/setup.ts';
import { NO_OPERATION } from '../../../src/qu/timestamp.ts';
import { concatenated, copyOf } from '../../../src/wire/bytes.ts';
import { type GroupView, type IntendedOperation, type JointProposal, proposalFor } from './joint-proposal.ts';

const MOST_KEPT = 6;

/**
 * A Byzantine client of Q/U, told what to do: it asks for the histories of any objects, and sends requests over any group of them, conditioned on what
 * it has seen of chosen replicas, to chosen replicas.
 */
export class JointIntruder implements Client<QuMessage> {
  readonly deployment: Deployment<ObjectOptions>;
  readonly context: ClientContext<QuMessage>;
  readonly everyone: readonly ReplicaId[];
  /** By the number of the round, who has accepted. */
  readonly accepted = new Map<number, ReplicaId[]>();
  /** Joint requests that were accepted, by what the group called for. */
  readonly reached = new Map<string, number>();
  readonly #thresholds: Thresholds;
  readonly #bindings: Bindings;
  readonly #coverage: ReplicaSet;
  readonly #shown = new Map<string, readonly ShownObject[]>();
  readonly #asked = new Map<number, readonly string[]>();
  readonly #calledFor = new Map<number, JointProposal['type']>();
  #rounds = 0;
  #operations = 0;

  constructor(deployment: Deployment<ObjectOptions>, context: ClientContext<QuMessage>) {
    this.deployment = deployment;
    this.context = context;
    this.everyone = Array.from({ length: deployment.replicas }, (_, replica) => replica);
    this.#thresholds = thresholdsOf(deployment);
    this.#bindings = new Bindings(context.authentication);
    this.#coverage = replicaSet(this.everyone, deployment.replicas);
  }

  start(): void {}
  invoke(): void {}
  expire(): void {}

  receive(from: ParticipantId, message: QuMessage): void {
    if (!isReplica(from, this.deployment.replicas)) return;
    if (message.type !== 'reply' && message.type !== 'jointReply') return;
    if (message.type === 'jointReply') this.#learn(from, structuredClone(message));
    if (!message.accepted) return;
    const { number } = message;
    this.accepted.set(number, [...(this.accepted.get(number) ?? []), from]);
    const type = this.#calledFor.get(number);
    if (type !== undefined) this.reached.set(type, (this.reached.get(type) ?? 0) + 1);
  }

  /** What a replica has shown of an object, the newest first. */
  shown(object: string, by: ReplicaId): readonly ShownObject[] {
    return this.#shown.get(`${object} ${by}`) ?? [];
  }

  look(objects: readonly string[]): void {
    const { authentication } = this.context;
    const number = ++this.#rounds;
    const coverage = this.#coverage;
    this.#asked.set(number, objects);
    const bytes = copyOf(jointHistoryQueryBytes(number, objectsDigest(authentication, objects), coverage));
    for (const replica of this.everyone) {
      const tag = new Uint8Array(authentication.tagBytes);
      authentication.generate(replica, bytes, tag, 0);
      this.context.send(replica, { type: 'jointHistoryQuery', number, objects, coverage, tag });
    }
  }

  /** Sends what the group calls for, given what some replicas have shown, if there is a request for that. */
  act(
    objects: readonly string[],
    to: readonly ReplicaId[],
    shownBy: readonly ReplicaId[] = this.everyone,
    method = 'move',
  ): Pick<JointProposal, 'type' | 'number'> {
    const caches = objects.map((object) => this.#cacheOf(object, shownBy));
    const snapshots = caches.map((cache) => cache.snapshot(this.#thresholds));
    const histories = snapshots.map((snapshot) => snapshot.histories);
    const proposal = this.propose({ objects, snapshots, histories }, { number: ++this.#operations, method });
    for (const replica of to) {
      const entries = concatenated(caches.map((cache) => cache.entriesFor(replica)));
      const message = proposal.messageFor?.(replica, entries);
      if (message !== undefined) this.context.send(replica, message);
    }
    return proposal;
  }

  /** The request of a new round. */
  propose(view: GroupView, intended: IntendedOperation): JointProposal {
    const proposal = proposalFor(view, intended, ++this.#rounds, {
      context: this.context,
      thresholds: this.#thresholds,
      bindings: this.#bindings,
      coverage: this.#coverage,
    });
    this.#asked.set(proposal.number, view.objects);
    this.#calledFor.set(proposal.number, proposal.type);
    return proposal;
  }

  /** The same for one object, by a repair of that alone. */
  repairAlone(
    object: string,
    to: readonly ReplicaId[],
    shownBy: readonly ReplicaId[] = this.everyone,
  ): { readonly type: string; readonly number: number } {
    const { authentication, self } = this.context;
    const cache = this.#cacheOf(object, shownBy);
    const { set, digests, classification } = cache.snapshot(this.#thresholds);
    const setup = setUp(classification, self, NO_OPERATION, (on) => historySetDigest(authentication, set, digests, on));
    const timestamp = copyOf(setup.timestamp);
    const number = ++this.#rounds;
    const coverage = this.#coverage;
    for (const replica of to) {
      const tag = new Uint8Array(authentication.tagBytes);
      authentication.generate(replica, conditionedRequestBytes('repair', number, timestamp, coverage), tag, 0);
      const body = { number, object, timestamp, historySet: set, coverage };
      this.context.send(replica, { type: 'repair', body, entries: copyOf(cache.entriesFor(replica)), tag });
    }
    return { type: classification.type, number };
  }

  #learn(from: ReplicaId, { number, shown, bindings }: JointReply): void {
    for (const [index, object] of (this.#asked.get(number) ?? []).entries()) {
      const newest = shown[index];
      if (newest === undefined) continue;
      this.#shown.set(`${object} ${from}`, [newest, ...this.shown(object, from)].slice(0, MOST_KEPT));
    }
    for (const binding of bindings) this.#bindings.add(binding);
  }

  #cacheOf(object: string, shownBy: readonly ReplicaId[]): CachedHistorySet {
    const cache = new CachedHistorySet(object, this.deployment, this.context.authentication);
    for (const replica of this.everyone) {
      const [newest] = this.shown(object, replica);
      if (newest === undefined || !shownBy.includes(replica)) continue;
      cache.update(replica, cache.digested(newest.history, undefined), newest.authenticator);
    }
    return cache;
  }
}

import { isReplica, type ParticipantId, type ReplicaId } from '../../../src/kernel/identifiers.ts';
import type { Client, ClientContext } from '../../../src/kernel/participant.ts';
import type { Deployment } from '../../../src/kernel/protocol.ts';
import { conditionedRequestBytes, jointHistoryQueryBytes } from '../../../src/qu/authenticated-bytes.ts';
import { CachedHistorySet } from '../../../src/qu/cached-history-set.ts';
import { type Thresholds, thresholdsOf } from '../../../src/qu/classification.ts';
import { historySetDigest, weigh } from '../../../src/qu/history-set.ts';
import { Bindings, type JointBinding, jointDigest } from '../../../src/qu/joint/binding.ts';
import { classifyGroup, type GroupClassification, unsettledJoint } from '../../../src/qu/joint/classification.ts';
import { objectsDigest } from '../../../src/qu/joint/digests.ts';
import type { JointReply, ShownObject } from '../../../src/qu/joint/message.ts';
import { setUpJoint } from '../../../src/qu/joint/setup.ts';
import type { QuMessage } from '../../../src/qu/message.ts';
import type { ObjectOptions } from '../../../src/qu/options.ts';
import { replicaSet } from '../../../src/qu/replica-set.ts';
import { setUp } from '../../../src/qu/setup.ts';
import { NO_OPERATION, operationDigestOf } from '../../../src/qu/timestamp.ts';
import { concatenated, copyOf } from '../../../src/wire/bytes.ts';
import { encodeRequest } from '../../../src/wire/request.ts';
import type { RandomStream } from '../../node/random.ts';

/**
 * A Byzantine client of Q/U, told what to do: it asks for the histories of any objects, and sends requests over any group of them, conditioned on what
 * it has seen of chosen replicas, to chosen replicas.
 */
export class JointIntruder implements Client<QuMessage> {
  readonly #deployment: Deployment<ObjectOptions>;
  readonly #context: ClientContext<QuMessage>;
  readonly #thresholds: Thresholds;
  readonly #everyone: readonly ReplicaId[];
  readonly #shown = new Map<string, Map<ReplicaId, { readonly reply: JointReply; readonly index: number }>>();
  readonly #asked = new Map<number, readonly string[]>();
  readonly #known = new Map<string, JointBinding>();
  readonly accepted = new Map<number, ReplicaId[]>();
  /** Answers that were accepted, by what the request called for. */
  readonly reached = new Map<string, number>();
  readonly #types = new Map<number, string>();
  readonly #kept = new Map<string, ShownObject[]>();
  readonly #sent: { readonly to: ReplicaId; readonly message: QuMessage }[] = [];
  #number = 0;
  #operation = 0;

  constructor(deployment: Deployment<ObjectOptions>, context: ClientContext<QuMessage>) {
    this.#deployment = deployment;
    this.#context = context;
    this.#thresholds = thresholdsOf(deployment);
    this.#everyone = Array.from({ length: deployment.replicas }, (_, replica) => replica);
  }

  start(): void {}
  invoke(): void {}
  expire(): void {}

  receive(from: ParticipantId, message: QuMessage): void {
    if (!isReplica(from, this.#deployment.replicas)) return;
    if (message.type === 'reply' && message.accepted)
      this.accepted.set(message.number, [...(this.accepted.get(message.number) ?? []), from]);
    if (message.type !== 'jointReply') return;
    const objects = this.#asked.get(message.number) ?? [];
    const reply = structuredClone(message);
    for (const [index, object] of objects.entries()) {
      const shown = this.#shown.get(object) ?? new Map();
      shown.set(from, { reply, index });
      const one = reply.shown[index];
      const key = `${object} ${from}`;
      if (one !== undefined) this.#kept.set(key, [one, ...(this.#kept.get(key) ?? [])].slice(0, 6));
      this.#shown.set(object, shown);
    }
    for (const binding of reply.bindings) this.learn(binding);
    const type = this.#types.get(message.number);
    if (message.accepted && type !== undefined) this.reached.set(type, (this.reached.get(type) ?? 0) + 1);
    if (message.accepted) this.accepted.set(message.number, [...(this.accepted.get(message.number) ?? []), from]);
  }

  learn(binding: JointBinding): void {
    this.#known.set(Buffer.from(jointDigest(this.#context.authentication, binding)).toString('hex'), binding);
  }

  look(objects: readonly string[]): void {
    const { authentication } = this.#context;
    const number = ++this.#number;
    this.#asked.set(number, objects);
    const coverage = this.#coverage();
    const bytes = copyOf(jointHistoryQueryBytes(number, objectsDigest(authentication, objects), coverage));
    for (const replica of this.#everyone) {
      const tag = new Uint8Array(authentication.tagBytes);
      authentication.generate(replica, bytes, tag, 0);
      this.#context.send(replica, { type: 'jointHistoryQuery', number, objects, coverage, tag });
    }
  }

  /** What the group calls for, given what these replicas have shown; the request for that, if it is any. The number of the round. */
  act(
    objects: readonly string[],
    to: readonly ReplicaId[],
    shownBy: readonly ReplicaId[] = this.#everyone,
    method = 'move',
  ): { readonly type: GroupClassification['type']; readonly number: number } {
    const { authentication, self } = this.#context;
    const caches = objects.map((object) => this.#cacheOf(object, shownBy));
    const bindings = new Bindings(authentication);
    for (const binding of this.#known.values()) bindings.add(binding);
    const snapshots = caches.map((cache) => cache.snapshot(this.#thresholds));
    const members = snapshots.map(({ histories }, index) => ({ object: objects[index] ?? '', histories }));
    const classification = classifyGroup(members, bindings, this.#thresholds);
    const isUpdate = classification.type === 'method';
    const [object = '', ...others] = objects;
    const request = encodeRequest(self, ++this.#operation, { object, others, method, argument: new Uint8Array(0) });
    const requestDigest = authentication.digest(request);
    const digest = isUpdate ? jointDigest(authentication, { objects, requestDigest }) : NO_OPERATION;
    const setup = setUpJoint(classification, self, objects, digest, snapshots, authentication);
    const number = ++this.#number;
    if (setup === undefined) return { type: classification.type, number };
    this.#asked.set(number, objects);
    const coverage = this.#coverage();
    const timestamp = copyOf(setup.timestamp);
    const needed = new Set<JointBinding>();
    for (const { histories } of members) {
      for (const unsettled of unsettledJoint(histories, this.#thresholds)) {
        const binding = bindings.of(operationDigestOf(unsettled));
        if (binding !== undefined) needed.add(binding);
      }
    }
    const body = {
      number,
      objects,
      timestamp,
      historySets: snapshots.map(({ set }) => set),
      bindings: isUpdate ? [] : [...needed],
      coverage,
      payload: isUpdate ? [request] : [],
    };
    const type = isUpdate ? 'jointUpdate' : 'jointRepair';
    for (const replica of to) {
      const tag = new Uint8Array(authentication.tagBytes);
      authentication.generate(replica, conditionedRequestBytes(type, number, timestamp, coverage), tag, 0);
      const entries = concatenated(caches.map((cache) => cache.entriesFor(replica)));
      this.#context.send(replica, { type, body, entries, tag });
    }
    return { type: classification.type, number };
  }

  /** The same for one object, by a repair of that alone. */
  repairAlone(object: string, to: readonly ReplicaId[], shownBy: readonly ReplicaId[] = this.#everyone) {
    const { authentication, self } = this.#context;
    const cache = this.#cacheOf(object, shownBy);
    const { set, digests, classification } = cache.snapshot(this.#thresholds);
    const setup = setUp(classification, self, NO_OPERATION, (on) => historySetDigest(authentication, set, digests, on));
    const timestamp = copyOf(setup.timestamp);
    const number = ++this.#number;
    const coverage = this.#coverage();
    for (const replica of to) {
      const tag = new Uint8Array(authentication.tagBytes);
      authentication.generate(replica, conditionedRequestBytes('repair', number, timestamp, coverage), tag, 0);
      const body = { number, object, timestamp, historySet: set, coverage };
      this.#context.send(replica, { type: 'repair', body, entries: copyOf(cache.entriesFor(replica)), tag });
    }
    return { type: classification.type, number };
  }

  /** One random step: a look, something sent before, or a request over a few of the objects as replicas may accept it. */
  roam(objects: readonly string[], random: RandomStream): void {
    const below = (bound: number) => Math.floor(random() * bound);
    const group = drawn(objects, 2 + below(objects.length - 1), below);
    const what = random();
    if (what < 0.35) return this.look(random() < 0.5 ? objects : group);
    if (what < 0.45) {
      const past = this.#sent[below(this.#sent.length)];
      return past && this.#context.send(past.to, past.message);
    }
    const { authentication, self } = this.#context;
    const hiding = random() < 0.3 ? 0.2 : 0;
    const ageing = random() < 0.3 ? 0.5 : 0;
    const spoiling = random() < 0.5 ? 0.25 : 0;
    const sharedly = random() < 0.5;
    const hidden = new Set(this.#everyone.filter(() => random() < hiding));
    const caches = group.map((object) => {
      const cache = new CachedHistorySet(object, this.#deployment, authentication);
      for (const replica of this.#everyone) {
        if (sharedly ? hidden.has(replica) : random() < hiding) continue;
        const kept = this.#kept.get(`${object} ${replica}`) ?? [];
        const shown = kept[random() < ageing ? below(kept.length) : 0];
        if (shown !== undefined) cache.update(replica, cache.digested(shown.history, undefined), shown.authenticator);
      }
      return cache;
    });
    const bindings = new Bindings(authentication);
    for (const binding of this.#known.values()) bindings.add(binding);
    const snapshots = caches.map((cache) => cache.snapshot(this.#thresholds));
    const reused = random() < 0.2 ? 1 + below(this.#operation) : ++this.#operation;
    const reaching = random() < 0.4 ? 0.4 : 0.9;
    const others = random() < 0.3;
    for (const to of this.#everyone) {
      if (random() >= reaching) continue;
      const method = others && random() < 0.5 ? 'read' : 'move';
      const entries = concatenated(caches.map((cache) => cache.entriesFor(to)));
      const { tagBytes } = authentication;
      const members = snapshots.map(({ set }, at) => {
        const weights = new Array<number>(set.histories.length).fill(0);
        for (const replica of this.#everyone) {
          const index = set.indexes[replica] ?? 255;
          if (index === 255) continue;
          const isSpoilt = replica !== to && random() < spoiling;
          const offset = (at * this.#everyone.length + replica) * tagBytes;
          if (isSpoilt) entries[offset] = (entries[offset] ?? 0) ^ 1;
          else weights[index] = (weights[index] ?? 0) + 1;
        }
        return { object: group[at] ?? '', histories: weigh(set.histories, weights, this.#everyone.length) };
      });
      const classification = classifyGroup(members, bindings, this.#thresholds);
      const isUpdate = classification.type === 'method';
      const [object = '', ...rest] = group;
      const operation = { object, others: rest, method, argument: new Uint8Array(0) };
      const request = encodeRequest(self, reused, operation);
      const requestDigest = authentication.digest(request);
      const digest = isUpdate ? jointDigest(authentication, { objects: group, requestDigest }) : NO_OPERATION;
      const setup = setUpJoint(classification, self, group, digest, snapshots, authentication);
      if (setup === undefined) continue;
      const number = ++this.#number;
      this.#asked.set(number, group);
      const coverage = this.#coverage();
      const timestamp = copyOf(setup.timestamp);
      const explained = bindings.explaining(
        members.flatMap(({ histories }) => unsettledJoint(histories, this.#thresholds)),
      );
      const body = {
        number,
        objects: group,
        timestamp,
        historySets: snapshots.map(({ set }) => set),
        bindings: isUpdate ? [] : explained,
        coverage,
        payload: isUpdate ? [request] : [],
      };
      const type = isUpdate ? 'jointUpdate' : 'jointRepair';
      this.#types.set(number, classification.type);
      const tag = new Uint8Array(tagBytes);
      authentication.generate(to, conditionedRequestBytes(type, number, timestamp, coverage), tag, 0);
      const message: QuMessage = { type, body, entries, tag };
      this.#sent[below(64)] = { to, message };
      this.#context.send(to, message);
    }
  }

  #cacheOf(object: string, shownBy: readonly ReplicaId[]): CachedHistorySet {
    const cache = new CachedHistorySet(object, this.#deployment, this.#context.authentication);
    for (const [replica, { reply, index }] of this.#shown.get(object) ?? []) {
      const shown = reply.shown[index];
      if (shown === undefined || !shownBy.includes(replica)) continue;
      cache.update(replica, cache.digested(shown.history, undefined), shown.authenticator);
    }
    return cache;
  }

  #coverage() {
    return replicaSet(this.#everyone, this.#deployment.replicas);
  }
}

function drawn<T>(from: readonly T[], count: number, below: (bound: number) => number): T[] {
  const left = [...from];
  return Array.from({ length: count }, () => left.splice(below(left.length), 1)).flat();
}

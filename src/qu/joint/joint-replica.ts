import { Counter } from '../../kernel/counters.ts';
import type { ClientId } from '../../kernel/identifiers.ts';
import type { ReplicaContext } from '../../kernel/participant.ts';
import type { Deployment } from '../../kernel/protocol.ts';
import { sameBytes } from '../../wire/bytes.ts';
import { type AppraisedSet, appraise, holdersOf } from '../appraisal.ts';
import { conditionedRequestBytes, jointHistoryQueryBytes, jointReplyBytes } from '../authenticated-bytes.ts';
import { latestSharedTime, type Thresholds, thresholdsOf } from '../classification.ts';
import { weigh } from '../history-set.ts';
import type { ObjectOptions } from '../options.ts';
import { type Candidate, candidateCount, MOST_CANDIDATES, makeCandidate, timestampOf } from '../replica-history.ts';
import type { ReplicaSet } from '../replica-set.ts';
import type { ReplicatedObject } from '../replicated-object.ts';
import {
  compareTimestamps,
  INITIAL_TIMESTAMP,
  isBarrier,
  isOfInitialVersion,
  LONGEST_LEAP,
  NO_OPERATION,
  operationDigestOf,
  type Timestamp,
  timeOf,
} from '../timestamp.ts';
import type { VersionFetcher } from '../version-fetcher.ts';
import { Bindings, type JointBinding, jointDigest, LEAST_JOINT_OBJECTS, MOST_BINDINGS } from './binding.ts';
import { classifyGroup, type GroupClassification, settledTime } from './classification.ts';
import { historiesDigest, objectsDigest } from './digests.ts';
import type { JointBody, JointHistoryQuery, JointReply, JointRequest, ShownObject } from './message.ts';
import { setUpJoint } from './setup.ts';

const NO_RESULT = new Uint8Array(0);

/** An update of several objects, as its protocol has decoded it. */
export interface JointUpdate<Version> {
  /** Stands, with the objects' names, for the update in its timestamp. */
  readonly requestDigest: Uint8Array;
  /** What the update makes of the complete versions that it is conditioned on; undefined if it may not. */
  versionsAfter(before: readonly Version[]): readonly Version[] | undefined;
}

/** The replica that the joint operations are carried out at. */
export interface JointHost<Version> {
  readonly deployment: Deployment<ObjectOptions>;
  readonly context: ReplicaContext<JointReply>;
  readonly fetcher: VersionFetcher<Version>;
  object(name: string): ReplicatedObject<Version>;
  /** The same for a look at it, which makes none: whoever asks for ever new names must not fill this replica's memory. */
  glimpse(name: string): ReplicatedObject<Version>;
  initialVersion(object: string): Version;
  resultOf(version: Version): Uint8Array;
  /** What a request for the histories is answered beside them; undefined if there is something missing for that. */
  readingOf(objects: readonly ReplicatedObject<Version>[]): Uint8Array | undefined;
  /** The update that the body describes; undefined if it is none that this client may ask for on those objects. */
  jointUpdateOf(client: ClientId, body: JointBody): JointUpdate<Version> | undefined;
  count(event: string): void;
  ignore(reason: string): void;
}

interface JointOperation<Version> {
  readonly client: ClientId;
  readonly message: JointRequest;
  readonly objects: readonly ReplicatedObject<Version>[];
  /** Undefined for a repair. */
  readonly update: JointUpdate<Version> | undefined;
}

/** An operation's candidate in one of its objects, with what it takes to accept it. */
interface Part<Version> {
  readonly object: ReplicatedObject<Version>;
  readonly appraised: AppraisedSet;
  readonly histories: ReturnType<typeof weigh>;
}

/**
 * Operations over several objects at one replica [QU §3.4 (?)]: the steps of Figure 4 for all objects together, accepted in all of their histories or
 * in none (see classification.ts beside this for why that is safe).
 */
export class JointOperations<Version> {
  readonly #host: JointHost<Version>;
  readonly #thresholds: Thresholds;

  constructor(host: JointHost<Version>) {
    this.#host = host;
    this.#thresholds = thresholdsOf(host.deployment);
  }

  onRequest(client: ClientId, message: JointRequest): void {
    const host = this.#host;
    const { authentication } = host.context;
    const { body, entries, tag } = message;
    const bytes = conditionedRequestBytes(message.type, body.number, body.timestamp, body.coverage);
    if (!authentication.verify(client, bytes, tag, 0)) return host.ignore('authentication');
    const entryBytes = host.deployment.replicas * authentication.tagBytes;
    if (body.objects.length < LEAST_JOINT_OBJECTS || entries.length !== body.objects.length * entryBytes) {
      return host.ignore('malformed');
    }
    const update = message.type === 'jointUpdate' ? host.jointUpdateOf(client, body) : undefined;
    if (message.type === 'jointUpdate' && update === undefined) return host.ignore('malformed');
    this.#perform({ client, message, objects: body.objects.map((name) => host.object(name)), update });
  }

  onHistoryQuery(client: ClientId, message: JointHistoryQuery): void {
    const host = this.#host;
    const { authentication } = host.context;
    const { number, coverage } = message;
    const digest = objectsDigest(authentication, message.objects);
    const bytes = jointHistoryQueryBytes(number, digest, coverage);
    if (!authentication.verify(client, bytes, message.tag, 0)) return host.ignore('authentication');
    host.count('operation.historyQuery');
    const objects = message.objects.map((name) => host.glimpse(name));
    const reading = host.readingOf(objects);
    this.#reply(client, objects, number, coverage, reading !== undefined, reading ?? NO_RESULT, bindingsOf(objects));
  }

  #perform(operation: JointOperation<Version>): void {
    const { message, objects, update } = operation;
    const { timestamp } = message.body;
    if (objects.every((object) => object.holds(timestamp))) {
      this.#host.count('repeated');
      return this.#accept(operation);
    }
    for (const { latestTime } of objects) {
      if (compareTimestamps(latestTime, timestamp) > 0) return this.#refuse(operation, 'stale');
    }
    const parts = this.#appraise(operation);
    if (this.#leaps(timestamp, parts)) return this.#refuse(operation, 'leap');
    const bindings = this.#bindingsIn(message.body);
    const members = parts.map(({ object, histories }) => ({ object: object.name, histories }));
    const classification = classifyGroup(members, bindings, this.#thresholds);
    if ((classification.type === 'method') !== (update !== undefined)) return this.#refuse(operation, 'misclassified');
    const setup = this.#setUp(operation, classification, parts);
    if (setup === undefined) return this.#refuse(operation, 'open');
    if (!sameBytes(setup.timestamp, timestamp)) return this.#refuse(operation, 'misclassified');
    if (!isCurrent(objects, classification, timestamp)) return this.#refuse(operation, 'stale');
    if (update === undefined && objects.some(({ history }) => candidateCount(history) >= MOST_CANDIDATES)) {
      return this.#refuse(operation, 'historyFull');
    }
    if (decides(classification) && !this.#coversOwn(parts)) return this.#refuse(operation, 'open');
    this.#acceptNew(operation, classification, parts, bindings);
  }

  /** Past all of the objects: one may be far ahead of another. */
  #leaps(timestamp: Timestamp, parts: readonly Part<Version>[]): boolean {
    const { faults } = this.#host.deployment;
    const times = parts.map(({ object, histories }) =>
      Math.max(timeOf(object.latestTime), latestSharedTime(histories, faults)),
    );
    return timeOf(timestamp) > Math.max(...times) + LONGEST_LEAP;
  }

  #appraise({ message, objects }: JointOperation<Version>): Part<Version>[] {
    const { context, deployment } = this.#host;
    const { authentication, self } = context;
    const entryBytes = deployment.replicas * authentication.tagBytes;
    return objects.flatMap((object, index) => {
      const set = message.body.historySets[index];
      if (set === undefined) return [];
      const appraised = appraise(object, set, message.entries, index * entryBytes, self, authentication);
      return [{ object, appraised, histories: weigh(set.histories, appraised.weights, deployment.replicas) }];
    });
  }

  #bindingsIn({ bindings }: JointBody): Bindings {
    const known = new Bindings(this.#host.context.authentication);
    for (const binding of bindings) known.add(binding);
    return known;
  }

  #setUp(
    { client, message, update }: JointOperation<Version>,
    classification: GroupClassification,
    parts: readonly Part<Version>[],
  ) {
    const { authentication } = this.#host.context;
    const { objects } = message.body;
    const digest =
      update === undefined
        ? NO_OPERATION
        : jointDigest(authentication, { objects, requestDigest: update.requestDigest });
    const sets = parts.map(({ appraised }) => appraised);
    return setUpJoint(classification, client, objects, digest, sets, authentication);
  }

  /** Whether the group has all objects of what this replica itself holds unsettled, though the client may not have seen it. */
  #coversOwn(parts: readonly Part<Version>[]): boolean {
    const names = parts.map(({ object }) => object.name);
    return parts.every(({ object, histories }) =>
      object
        .jointSince(settledTime(histories, this.#thresholds))
        .every(({ binding }) => binding.objects.every((name) => names.includes(name))),
    );
  }

  #acceptNew(
    operation: JointOperation<Version>,
    classification: GroupClassification,
    parts: readonly Part<Version>[],
    bindings: Bindings,
  ): void {
    const { message, update } = operation;
    const { timestamp, objects } = message.body;
    switch (classification.type) {
      case 'open':
        return;
      case 'method': {
        const before = this.#versionsOrSync(operation, parts, classification.conditionedOn);
        if (before === undefined || update === undefined) return;
        const after = update.versionsAfter(before);
        if (after === undefined) return this.#refuse(operation, 'notAllowed');
        const binding = { objects, requestDigest: Uint8Array.from(update.requestDigest) };
        eachOf(parts, classification.conditionedOn, before, after, (object, on, old, made) =>
          object.acceptMethod(timestamp, on, old, made, binding),
        );
        this.#host.context.count(Counter.handled);
        break;
      }
      case 'inlineMethod': {
        const versions = this.#versionsOrSync(operation, parts, classification.candidates);
        if (versions === undefined) return;
        const binding = bindings.of(operationDigestOf(timestamp));
        eachOf(parts, classification.candidates, versions, versions, (object, candidate, version) =>
          object.acceptRepair(candidate, version, binding),
        );
        break;
      }
      case 'copy': {
        const versions = this.#versionsOrSync(operation, parts, classification.conditionedOn);
        if (versions === undefined) return;
        const binding = { objects, requestDigest: NO_OPERATION };
        eachOf(parts, classification.conditionedOn, versions, versions, (object, on, version) =>
          object.acceptRepair(makeCandidate(timestamp, timestampOf(on)), version, binding),
        );
        break;
      }
      case 'barrier':
        for (const [index, { object }] of parts.entries()) {
          const on = classification.conditionedOn[index];
          object.acceptRepair(
            makeCandidate(timestamp, on === undefined ? INITIAL_TIMESTAMP : timestampOf(on)),
            undefined,
          );
        }
        break;
    }
    this.#host.count(`operation.joint.${classification.type}`);
    this.#accept(operation);
  }

  /** The versions of these candidates, one in each object; if any is missing, starts to fetch it and lets the operation wait. */
  #versionsOrSync(
    operation: JointOperation<Version>,
    parts: readonly Part<Version>[],
    candidates: readonly Candidate[],
  ): readonly Version[] | undefined {
    const { fetcher, context } = this.#host;
    const versions: Version[] = [];
    for (const [index, { object, appraised }] of parts.entries()) {
      const candidate = candidates[index];
      if (candidate === undefined) return undefined;
      const version = this.#heldVersion(object, timestampOf(candidate));
      if (version === undefined) {
        fetcher.fetch(object, timestampOf(candidate), () => holdersOf(candidate, appraised, context.self), {
          goOn: () => this.#perform(operation),
          refuse: (reason) => this.#refuse(operation, reason),
        });
        return undefined;
      }
      versions.push(version);
    }
    return versions;
  }

  #heldVersion(object: ReplicatedObject<Version>, timestamp: Timestamp): Version | undefined {
    const held = object.version(timestamp);
    return held === undefined && isOfInitialVersion(timestamp) ? this.#host.initialVersion(object.name) : held;
  }

  #accept({ client, message, objects }: JointOperation<Version>): void {
    const { timestamp, number, coverage } = message.body;
    const [first] = objects;
    const version = first === undefined || isBarrier(timestamp) ? undefined : first.version(timestamp);
    const result = version === undefined ? NO_RESULT : this.#host.resultOf(version);
    this.#reply(client, objects, number, coverage, true, result, []);
  }

  #refuse({ client, message, objects }: JointOperation<Version>, reason: string): void {
    this.#host.count(`refused.${reason}`);
    const { number, coverage } = message.body;
    this.#reply(client, objects, number, coverage, false, NO_RESULT, bindingsOf(objects));
  }

  #reply(
    client: ClientId,
    objects: readonly ReplicatedObject<Version>[],
    number: number,
    coverage: ReplicaSet,
    accepted: boolean,
    result: Uint8Array,
    bindings: readonly JointBinding[],
  ): void {
    const { context, deployment } = this.#host;
    const { authentication, self } = context;
    const shown: ShownObject[] = objects.map((object) => ({
      history: object.history,
      authenticator: object.authenticatorFor(coverage, self, deployment.replicas),
    }));
    const tag = new Uint8Array(authentication.tagBytes);
    const digest = historiesDigest(
      authentication,
      objects.map((object) => object.digest),
    );
    authentication.generate(client, jointReplyBytes(number, accepted, digest, result), tag, 0);
    context.send(client, { type: 'jointReply', number, accepted, result, shown, bindings, tag });
  }
}

/** Whether no object has moved past what the operation is conditioned on [QU Figure 5, last column]. */
function isCurrent(
  objects: readonly ReplicatedObject<unknown>[],
  classification: GroupClassification,
  timestamp: Timestamp,
): boolean {
  return objects.every(({ latestTime }, index) => {
    const bound = boundOf(classification, index);
    return compareTimestamps(latestTime, bound === undefined ? timestamp : timestampOf(bound)) <= 0;
  });
}

function boundOf(classification: GroupClassification, index: number): Candidate | undefined {
  switch (classification.type) {
    case 'method':
      return classification.conditionedOn[index];
    case 'inlineMethod':
      return classification.candidates[index];
    case 'copy':
      return classification.barriers[index];
    default:
      return undefined;
  }
}

/** Whether the operation settles what becomes of unfinished candidates. A barrier only stops them, and a method has none before it. */
function decides({ type }: GroupClassification): boolean {
  return type === 'inlineMethod' || type === 'copy';
}

/** The newest first: what is unsettled is among them, if anything is left out. */
function bindingsOf(objects: readonly ReplicatedObject<unknown>[]): JointBinding[] {
  const held = objects.flatMap((object) => object.jointSince(INITIAL_TIMESTAMP));
  held.sort((a, b) => compareTimestamps(b.timestamp, a.timestamp));
  const found = new Map<string, JointBinding>();
  for (const { timestamp, binding } of held)
    found.set(Buffer.from(operationDigestOf(timestamp)).toString('latin1'), binding);
  return [...found.values()].slice(0, MOST_BINDINGS);
}

function eachOf<Version>(
  parts: readonly Part<Version>[],
  candidates: readonly Candidate[],
  before: readonly Version[],
  after: readonly Version[],
  act: (object: ReplicatedObject<Version>, candidate: Candidate, before: Version, after: Version) => void,
): void {
  for (const [index, { object }] of parts.entries()) {
    const candidate = candidates[index];
    const old = before[index];
    const made = after[index];
    if (candidate === undefined || old === undefined || made === undefined)
      throw new Error('a joint operation has a version for each of its objects');
    act(object, candidate, old, made);
  }
}

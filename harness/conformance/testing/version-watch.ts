import type { Authentication } from '../../../src/kernel/authentication.ts';
import type { ParticipantId, ReplicaId } from '../../../src/kernel/identifiers.ts';
import type { Replica, ReplicaContext } from '../../../src/kernel/participant.ts';
import type { Deployment, ProtocolDefinition } from '../../../src/kernel/protocol.ts';
import { alteredContext } from '../../../src/kernel/testing/altered-context.ts';
import { syncBytes } from '../../../src/qu/authenticated-bytes.ts';
import type { SharedMessage, SyncRequest } from '../../../src/qu/message.ts';
import type { ObjectOptions } from '../../../src/qu/options.ts';
import {
  candidateAt,
  candidateCount,
  conditionedOnOf,
  type ReplicaHistory,
  timestampOf,
} from '../../../src/qu/replica-history.ts';
import { isReply, isSyncReply } from '../../../src/qu/testing/replies.ts';
import { isBarrier, type Timestamp } from '../../../src/qu/timestamp.ts';
import { copyOf } from '../../../src/wire/bytes.ts';

const NO_VERSION = new Uint8Array(0);

/** What stands behind one timestamp, as the first replica that held it showed. */
interface Meaning {
  readonly replica: ReplicaId;
  readonly conditionedOn: string;
  /** Undefined for a barrier. */
  readonly version: string | undefined;
}

/**
 * Watches all replicas of one object and notes wherever one timestamp stands for two versions, or two conditioned-on timestamps. Whenever a
 * replica shows a history, it is asked for the versions in it as a replica that misses them would ask.
 */
export class VersionWatch {
  readonly conflicts: string[] = [];
  readonly #object: string;
  readonly #authentications: Authentication[] = [];
  readonly #meanings = new Map<string, Meaning>();

  constructor(object: string) {
    this.#object = object;
  }

  get timestampsSeen(): number {
    return this.#meanings.size;
  }

  createReplica<Message extends { readonly type: string }, Options extends ObjectOptions>(
    definition: ProtocolDefinition<Message | SharedMessage, Options>,
    deployment: Deployment<Options>,
    context: ReplicaContext<Message | SharedMessage>,
  ): Replica<Message | SharedMessage> {
    const { self, authentication } = context;
    this.#authentications[self] = authentication;
    let shown: ReplicaHistory | undefined;
    let asked: ((version: Uint8Array) => void) | undefined;
    const send = (to: ParticipantId | readonly ParticipantId[], message: Message | SharedMessage): void => {
      if (asked !== undefined && isSyncReply(message)) return asked(message.version);
      if (isReply(message)) shown = copyOf(message.history);
      context.send(to, message);
    };
    const inner = definition.createReplica(deployment, alteredContext(context, { send }));
    const versionOf = (timestamp: Timestamp): Uint8Array => {
      let version: Uint8Array = NO_VERSION;
      asked = (answer) => {
        version = copyOf(answer);
      };
      const asking = this.#anotherThan(self);
      inner.receive(asking, this.#syncRequest(asking, self, timestamp));
      asked = undefined;
      return version;
    };
    return {
      start: () => inner.start(),
      receive: (from, message) => {
        inner.receive(from, message);
        if (shown !== undefined) this.#note(self, shown, versionOf);
        shown = undefined;
      },
      expire: (timer) => inner.expire(timer),
    };
  }

  /** Of those that are watched. */
  #anotherThan(self: ReplicaId): ReplicaId {
    return this.#authentications.findIndex((known, replica) => known !== undefined && replica !== self);
  }

  #syncRequest(from: ReplicaId, to: ReplicaId, timestamp: Timestamp): SyncRequest {
    const authentication = this.#authentications[from];
    if (authentication === undefined) throw new Error(`replica ${from} was not created`);
    const tag = new Uint8Array(authentication.tagBytes);
    const bytes = syncBytes('syncRequest', new TextEncoder().encode(this.#object), timestamp, NO_VERSION);
    authentication.generate(to, bytes, tag, 0);
    return { type: 'syncRequest', object: this.#object, timestamp, tag };
  }

  #note(replica: ReplicaId, history: ReplicaHistory, versionOf: (timestamp: Timestamp) => Uint8Array): void {
    for (let index = 0; index < candidateCount(history); index++) {
      const candidate = candidateAt(history, index);
      const timestamp = timestampOf(candidate);
      const version = isBarrier(timestamp) ? undefined : hex(versionOf(timestamp));
      const meaning = { replica, conditionedOn: hex(conditionedOnOf(candidate)), version };
      const first = this.#meanings.get(hex(timestamp));
      if (first === undefined) this.#meanings.set(hex(timestamp), meaning);
      else if (first.version !== version || first.conditionedOn !== meaning.conditionedOn) {
        this.conflicts.push(`${hex(timestamp)}: ${describe(first)}, ${describe(meaning)}`);
      }
    }
  }
}

function describe({ replica, conditionedOn, version }: Meaning): string {
  return `replica ${replica} has ${version ?? 'a barrier'} on ${conditionedOn}`;
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

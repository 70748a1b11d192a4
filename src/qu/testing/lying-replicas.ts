import { type SimulatedNetwork, Simulation } from '../../../harness/conformance/testing/simulation.ts';
import { hmacSha256 } from '../../crypto/hmac-sha256.ts';
import type { Authentication } from '../../kernel/authentication.ts';
import { registerable } from '../../kernel/erased-protocol.ts';
import { FIRST_CLIENT, type ParticipantId } from '../../kernel/identifiers.ts';
import type { ProtocolDefinition } from '../../kernel/protocol.ts';
import { alteredContext } from '../../kernel/testing/altered-context.ts';
import { SECOND } from '../../kernel/time.ts';
import { counterService, counterValue } from '../../services/counter.ts';
import { sampleOperation } from '../../services/testing/sample-operation.ts';
import { writeUint53 } from '../../wire/integers.ts';
import { replyBytes, syncBytes } from '../authenticated-bytes.ts';
import { historyDigest } from '../history-set.ts';
import type { Reply, SyncReply } from '../message.ts';
import { CANDIDATE_BYTES, type ReplicaHistory } from '../replica-history.ts';
import { timeOf } from '../timestamp.ts';
import { isReply, isSyncReply } from './replies.ts';

export const OPERATIONS = 20;
const OBJECT = 'x';
const objectName = new TextEncoder().encode(OBJECT);
const service = counterService.create({});

/** What a faulty replica makes of its honest answers. */
export interface Lies {
  readonly reply?: (reply: Reply, to: ParticipantId, authentication: Authentication, replicas: number) => Reply;
  readonly syncReply?: (reply: SyncReply, to: ParticipantId, authentication: Authentication) => SyncReply;
}

/** The reply with a right tag over what is now in it. */
export function retagged(reply: Reply, to: ParticipantId, authentication: Authentication): Reply {
  const digest = historyDigest(authentication, objectName, reply.history);
  const tag = new Uint8Array(authentication.tagBytes);
  authentication.generate(to, replyBytes(reply.number, reply.accepted, digest, reply.result), tag, 0);
  return { ...reply, tag };
}

export function retaggedSync(reply: SyncReply, to: ParticipantId, authentication: Authentication): SyncReply {
  const tag = new Uint8Array(authentication.tagBytes);
  authentication.generate(to, syncBytes('syncReply', objectName, reply.timestamp, reply.version), tag, 0);
  return { ...reply, tag };
}

/** The history with one more candidate, at another time, that nobody else has. */
function withInvented(history: ReplicaHistory, time: number): ReplicaHistory {
  const longer = new Uint8Array(history.length + CANDIDATE_BYTES);
  longer.set(history);
  longer.set(history.subarray(history.length - CANDIDATE_BYTES), history.length);
  writeUint53(longer, history.length, time);
  return longer;
}

export function inventing(timeAfter: (latest: number) => number): Lies {
  return {
    reply(reply, to, authentication, replicas) {
      const latest = timeOf(reply.history.subarray(reply.history.length - CANDIDATE_BYTES));
      const history = withInvented(reply.history, timeAfter(latest));
      const digest = historyDigest(authentication, objectName, history);
      const { tagBytes } = authentication;
      const authenticator = new Uint8Array(replicas * tagBytes);
      for (let peer = 0; peer < replicas; peer++) authentication.generate(peer, digest, authenticator, peer * tagBytes);
      return retagged({ ...reply, history, authenticator }, to, authentication);
    },
  };
}

/** Lies about histories, which protocols with histories must bear alike. */
export const historyLies: readonly [string, Lies][] = [
  ['what honest replicas do, for comparison', {}],
  [
    'authenticators that only clients cannot see through',
    { reply: (reply) => ({ ...reply, authenticator: reply.authenticator.map((byte) => byte ^ 1) }) },
  ],
  ['a candidate of its own, always newer than the others', inventing((latest) => latest + 2)],
  ['a candidate near the end of time', inventing(() => Number.MAX_SAFE_INTEGER - 1)],
];

/** The protocol with replicas that lie. */
function lying<Message extends { readonly type: string }, Options>(
  definition: ProtocolDefinition<Message, Options>,
  lies: Lies,
): ProtocolDefinition<Message | Reply | SyncReply, Options> {
  return {
    ...definition,
    createReplica(deployment, context) {
      const { authentication } = context;
      const altered = (message: Message | Reply | SyncReply, to: ParticipantId) => {
        if (isReply(message)) return lies.reply?.(message, to, authentication, deployment.replicas) ?? message;
        if (isSyncReply(message)) return lies.syncReply?.(message, to, authentication) ?? message;
        return message;
      };
      return definition.createReplica(
        deployment,
        alteredContext(context, {
          send: (to, message) => {
            for (const receiver of typeof to === 'number' ? [to] : to)
              context.send(receiver, altered(message, receiver));
          },
        }),
      );
    },
  };
}

/** What a client's increments of one counter were answered where the first b replicas lie, and the replicas' counters. */
export function incrementsAmongLiars<Message extends { readonly type: string }, Options>(
  definition: ProtocolDefinition<Message, Options>,
  lies: Lies,
  faults: number,
  network: SimulatedNetwork,
): { readonly values: readonly (number | undefined)[]; readonly counters: ReadonlySet<string> } {
  const simulation = new Simulation({ seed: 1, suite: hmacSha256, network });
  const liars = registerable(lying(definition, lies)).deploy(faults, service, {});
  const honest = registerable(definition).deploy(faults, service, {});
  const replicas = Array.from({ length: honest.replicas }, (_, replica) =>
    simulation.addReplica(replica, (context) => (replica < faults ? liars : honest).createReplica(context)),
  );
  const { host, client } = simulation.addClient(FIRST_CLIENT, (context) => honest.createClient(context));
  const values: (number | undefined)[] = [];
  const next = (): void => client.invoke(sampleOperation(service, 'update', OBJECT));
  host.onComplete = (result) => {
    values.push(counterValue(result));
    if (values.length < OPERATIONS) simulation.at(simulation.now(), next);
  };
  simulation.at(0, next);
  simulation.runWhile(() => values.length === OPERATIONS || simulation.now() > 600 * SECOND, 1_000_000);
  return { values, counters: new Set(replicas.flatMap(({ counters }) => [...counters.keys()])) };
}

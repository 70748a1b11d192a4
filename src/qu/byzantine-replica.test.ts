import { describe, expect, test } from 'vitest';
import { PERFECT_NETWORK, Simulation } from '../../harness/runtimes/sim/simulation.ts';
import { hmacSha256 } from '../crypto/hmac-sha256.ts';
import { registerable } from '../kernel/erased-protocol.ts';
import { FIRST_CLIENT, type ParticipantId } from '../kernel/identifiers.ts';
import type { ReplicaContext } from '../kernel/participant.ts';
import { SECOND } from '../kernel/time.ts';
import { counterService, counterValue } from '../services/counter.ts';
import { sampleOperation } from '../services/testing/sample-operation.ts';
import { writeUint53 } from '../wire/integers.ts';
import { replyBytes } from './authenticated-bytes.ts';
import { historyDigest } from './history-set.ts';
import type { QuMessage, Reply } from './message.ts';
import { qu } from './protocol.ts';
import { CANDIDATE_BYTES, type ReplicaHistory } from './replica-history.ts';
import { timeOf } from './timestamp.ts';

const OBJECT = 'x';
const OPERATIONS = 20;
const service = counterService.create({});

/** What a faulty replica makes of its honest reply. */
type Lie = (reply: Reply, context: ReplicaContext<QuMessage>, to: ParticipantId, replicas: number) => Reply;

/** The history with one more candidate, at another time, that nobody else has. */
function withInvented(history: ReplicaHistory, time: number): ReplicaHistory {
  const longer = new Uint8Array(history.length + CANDIDATE_BYTES);
  longer.set(history);
  longer.set(history.subarray(history.length - CANDIDATE_BYTES), history.length);
  writeUint53(longer, history.length, time);
  return longer;
}

function inventing(timeAfter: (latest: number) => number): Lie {
  return (reply, { authentication }, to, replicas) => {
    const latest = timeOf(reply.history.subarray(reply.history.length - CANDIDATE_BYTES));
    const history = withInvented(reply.history, timeAfter(latest));
    const digest = historyDigest(authentication, new TextEncoder().encode(OBJECT), history);
    const { tagBytes } = authentication;
    const authenticator = new Uint8Array(replicas * tagBytes);
    for (let peer = 0; peer < replicas; peer++) authentication.generate(peer, digest, authenticator, peer * tagBytes);
    const tag = new Uint8Array(tagBytes);
    authentication.generate(to, replyBytes(reply.number, reply.accepted, digest, reply.result), tag, 0);
    return { ...reply, history, authenticator, tag };
  };
}

const lies: readonly [string, Lie][] = [
  ['an honest replica, for comparison', (reply) => reply],
  [
    'authenticators that only clients cannot see through',
    (reply) => ({ ...reply, authenticator: reply.authenticator.map((byte) => byte ^ 1) }),
  ],
  ['a candidate of its own, always newer than the others', inventing((latest) => latest + 2)],
  ['a candidate near the end of time', inventing(() => Number.MAX_SAFE_INTEGER - 1)],
];

function increments(lie: Lie, faults: number): (number | undefined)[] {
  const simulation = new Simulation({ seed: 1, suite: hmacSha256, network: PERFECT_NETWORK });
  const lying = registerable({
    ...qu,
    createReplica(deployment, context) {
      const send = (to: ParticipantId | readonly ParticipantId[], message: QuMessage): void => {
        const isReply = message.type === 'reply' && typeof to === 'number';
        context.send(to, isReply ? lie(message, context, to, deployment.replicas) : message);
      };
      const { self, incarnation, authentication } = context;
      return qu.createReplica(deployment, {
        self,
        incarnation,
        authentication,
        send,
        now: () => context.now(),
        random: () => context.random(),
        setTimer: (timer, delayUs) => context.setTimer(timer, delayUs),
        cancelTimer: (timer) => context.cancelTimer(timer),
        count: (counter, amount) => context.count(counter, amount),
      });
    },
  }).deploy(faults, service, {});
  const honest = registerable(qu).deploy(faults, service, {});
  for (let replica = 0; replica < honest.replicas; replica++) {
    const deployed = replica < faults ? lying : honest;
    simulation.addReplica(replica, (context) => deployed.createReplica(context));
  }
  const { host, client } = simulation.addClient(FIRST_CLIENT, (context) => honest.createClient(context));
  const values: (number | undefined)[] = [];
  const next = (): void => client.invoke(sampleOperation(service, 'update', OBJECT));
  host.onComplete = (result) => {
    values.push(counterValue(result));
    if (values.length < OPERATIONS) simulation.at(simulation.now(), next);
  };
  simulation.at(0, next);
  simulation.runWhile(() => values.length === OPERATIONS || simulation.now() > 600 * SECOND, 1_000_000);
  return values;
}

describe.each([1, 2])('b = %i: an object goes on, each increment once, although b replicas send', (faults) => {
  test.each(lies)('%s', (_, lie) => {
    expect(increments(lie, faults)).toEqual(Array.from({ length: OPERATIONS }, (_, index) => index + 1));
  });
});

import { expect, test } from 'vitest';
import { CountedAuthentication } from '../../src/crypto/counted-authentication.ts';
import { hmacSha256 } from '../../src/crypto/hmac-sha256.ts';
import { FIRST_CLIENT } from '../../src/kernel/identifiers.ts';
import type { ReplicaContext } from '../../src/kernel/participant.ts';
import { counterService } from '../../src/services/counter.ts';
import { encodeRequest } from '../../src/wire/request.ts';
import { Agreement } from './agreement.ts';
import { agreementInput, ReplicaAuthenticator } from './authenticator.ts';
import { composeBatch } from './batch.ts';
import { Checkpointing } from './checkpointing.ts';
import type { Message, PrePrepare } from './message.ts';
import { pbft } from './protocol.ts';
import { ReplicaState } from './state.ts';

const REPLICAS = 4;
const PRIMARY = 0;
const secret = new Uint8Array(32);
const service = counterService.create({});

/** Backup 1 alone, and what the primary of view 0 can make it hear. */
function backup() {
  const sent: Message[] = [];
  const context: ReplicaContext<Message> = {
    self: 1,
    incarnation: 0,
    authentication: new CountedAuthentication(hmacSha256, secret, 1),
    now: () => 0,
    random: () => 0,
    send: (_to, message) => sent.push(message),
    setTimer: () => {},
    cancelTimer: () => {},
    count: () => {},
  };
  const deployment = { faults: 1, replicas: REPLICAS, quorum: 3, options: pbft.options.parse({}), service };
  const state = new ReplicaState(deployment, context);
  return { sent, state, agreement: new Agreement(state, new Checkpointing(state)) };
}

function prePrepare(sequence: number, number: number): PrePrepare {
  const keysOf = (self: number) => new CountedAuthentication(hmacSha256, secret, self);
  const request = encodeRequest(FIRST_CLIENT, number, service.sample('update', 'a'));
  const authenticator = new ReplicaAuthenticator(keysOf(FIRST_CLIENT), FIRST_CLIENT, REPLICAS).make(request);
  const decoded = { client: FIRST_CLIENT, number, operation: service.sample('update', 'a') };
  const batch = composeBatch(keysOf(PRIMARY), [{ decoded, request, authenticator }]);
  const input = agreementInput('prePrepare', 0, sequence, batch.digest);
  const tags = new ReplicaAuthenticator(keysOf(PRIMARY), PRIMARY, REPLICAS).make(input);
  return { type: 'prePrepare', view: 0, sequence, batch: batch.bytes, authenticator: tags };
}

test('a backup votes for one batch a sequence number', () => {
  const { sent, agreement } = backup();
  agreement.onPrePrepare(PRIMARY, prePrepare(1, 1));
  agreement.onPrePrepare(PRIMARY, prePrepare(1, 2));
  expect(sent.map(({ type }) => type)).toEqual(['prepare']);
});

test('a backup votes for no other batch where NEW-VIEW has chosen one, even if it has yet to fetch that one', () => {
  const { sent, state, agreement } = backup();
  state.chosenUpTo = 2;
  agreement.onPrePrepare(PRIMARY, prePrepare(2, 1));
  expect(sent).toEqual([]);
  agreement.onPrePrepare(PRIMARY, prePrepare(3, 1));
  expect(sent.map(({ type }) => type)).toEqual(['prepare']);
});

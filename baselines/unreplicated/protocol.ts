import { z } from 'zod';
import type { MessageCodec } from '../../src/kernel/codec.ts';
import { Counter, ignored } from '../../src/kernel/counters.ts';
import type { ClientId, ParticipantId } from '../../src/kernel/identifiers.ts';
import { isClient } from '../../src/kernel/identifiers.ts';
import type { Operation } from '../../src/kernel/operation.ts';
import type { Client, ClientContext, Replica, ReplicaContext } from '../../src/kernel/participant.ts';
import type { Deployment, OperationCosts, ProtocolDefinition } from '../../src/kernel/protocol.ts';
import { StateMachine } from '../../src/services/state-machine.ts';
import { Limit } from '../../src/wire/limits.ts';
import { decoding, pack } from '../../src/wire/packing.ts';
import { decodeRequest, encodeRequest } from '../../src/wire/request.ts';

/**
 * One server without replication: the ceiling that every curve is read against. Requests, MACs, retransmission and exactly-once
 * execution are those of the replicated protocols; only the replication is missing.
 */
const options = z.strictObject({
  retransmitUs: z.number().min(1_000).default(250_000).describe('µs after which a client sends its request again'),
});
type Options = z.infer<typeof options>;

const SERVER = 0;
const RETRANSMIT_TIMER = 0;

interface Request {
  readonly type: 'request';
  readonly request: Uint8Array;
  readonly tag: Uint8Array;
}

interface Reply {
  readonly type: 'reply';
  readonly number: number;
  readonly result: Uint8Array;
  readonly tag: Uint8Array;
}

type Message = Request | Reply;

const REQUEST = 0;
const REPLY = 1;

const codec: MessageCodec<Message> = {
  kinds: ['request', 'reply'],
  encode: (message) =>
    message.type === 'request'
      ? pack([REQUEST, message.request, message.tag])
      : pack([REPLY, message.number, message.result, message.tag]),
  decode: (bytes) =>
    decoding<Message>(bytes, (fields) => {
      if (fields.integer(REPLY) === REQUEST) {
        const request = fields.bytes(1, Limit.messageBytes);
        const tag = fields.bytes(1, 64);
        fields.end();
        return { type: 'request', request, tag };
      }
      const number = fields.integer(Number.MAX_SAFE_INTEGER);
      const result = fields.bytes(0, Limit.resultBytes);
      const tag = fields.bytes(1, 64);
      fields.end();
      return { type: 'reply', number, result, tag };
    }),
};

/** What a reply's tag is made over. */
function replyBytes(number: number, result: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(8 + result.length);
  new DataView(bytes.buffer).setFloat64(0, number);
  bytes.set(result, 8);
  return bytes;
}

class Server implements Replica<Message> {
  readonly #context: ReplicaContext<Message>;
  readonly #state: StateMachine;
  /** Each client's last request and its result: a request that comes again is answered, not executed. */
  readonly #replies = new Map<ClientId, { readonly number: number; readonly result: Uint8Array }>();

  constructor(deployment: Deployment<Options>, context: ReplicaContext<Message>) {
    this.#context = context;
    this.#state = new StateMachine(deployment.service);
  }

  start(): void {}

  expire(): void {}

  receive(from: ParticipantId, message: Message): void {
    const { authentication } = this.#context;
    if (message.type !== 'request' || !isClient(from)) return this.#context.count(ignored('unexpected'));
    if (!authentication.verify(from, message.request, message.tag, 0)) {
      return this.#context.count(ignored('authentication'));
    }
    const request = decodeRequest(message.request);
    if (request === undefined || request.client !== from) return this.#context.count(ignored('malformed'));
    const { number, operation } = request;
    const last = this.#replies.get(from);
    if (last !== undefined && number < last.number) return this.#context.count(ignored('old'));
    if (last !== undefined && number === last.number) return this.#reply(from, number, last.result);
    const result = this.#state.execute(operation);
    this.#context.count(Counter.handled);
    this.#replies.set(from, { number, result });
    this.#reply(from, number, result);
  }

  #reply(client: ClientId, number: number, result: Uint8Array): void {
    const { authentication } = this.#context;
    const tag = new Uint8Array(authentication.tagBytes);
    authentication.generate(client, replyBytes(number, result), tag, 0);
    this.#context.send(client, { type: 'reply', number, result, tag });
  }
}

class UnreplicatedClient implements Client<Message> {
  readonly #context: ClientContext<Message>;
  readonly #options: Options;
  #number = 0;
  #outstanding: Request | undefined;

  constructor(deployment: Deployment<Options>, context: ClientContext<Message>) {
    this.#context = context;
    this.#options = deployment.options;
  }

  start(): void {}

  invoke(operation: Operation): void {
    if (this.#outstanding !== undefined) throw new Error('a client carries out one operation at a time');
    const { authentication, self } = this.#context;
    const request = encodeRequest(self, ++this.#number, operation);
    const tag = new Uint8Array(authentication.tagBytes);
    authentication.generate(SERVER, request, tag, 0);
    this.#outstanding = { type: 'request', request, tag };
    this.#send();
  }

  receive(from: ParticipantId, message: Message): void {
    if (this.#outstanding === undefined || from !== SERVER || message.type !== 'reply') return;
    if (message.number !== this.#number) return;
    const { authentication } = this.#context;
    if (!authentication.verify(SERVER, replyBytes(message.number, message.result), message.tag, 0)) {
      return this.#context.count(ignored('authentication'));
    }
    this.#outstanding = undefined;
    this.#context.cancelTimer(RETRANSMIT_TIMER);
    this.#context.complete(message.result);
  }

  expire(): void {
    if (this.#outstanding === undefined) return;
    this.#context.count(Counter.retries);
    this.#send();
  }

  #send(): void {
    if (this.#outstanding === undefined) return;
    this.#context.send(SERVER, this.#outstanding);
    this.#context.setTimer(RETRANSMIT_TIMER, this.#options.retransmitUs);
  }
}

const operationCosts: OperationCosts = {
  macsAtBusiestReplica: () => 2,
  messagesAtBusiestReplica: () => 2,
  messagesInAll: () => 2,
};

export const unreplicated: ProtocolDefinition<Message, Options> = {
  name: 'unreplicated',
  title: 'one server, no replication',
  reference: 'no paper: the ceiling, with the same client and MACs',
  leastFaults: 0,
  replicas: () => 1,
  quorum: () => 1,
  options,
  execution: { queries: 'one round, like updates', tentative: 'does not apply: one server, 2 one-way delays' },
  costModel: () => ({
    ...operationCosts,
    query: operationCosts,
    published: { macsAtBusiestReplica: () => 2, source: 'one request verified, one reply made' },
    oneWayLatencies: 2,
  }),
  codec: () => codec,
  createReplica: (deployment, context) => new Server(deployment, context),
  createClient: (deployment, context) => new UnreplicatedClient(deployment, context),
};

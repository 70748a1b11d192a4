import { hmacSha256 } from '../../src/crypto/hmac-sha256.ts';
import type { DeployedProtocol } from '../../src/kernel/erased-protocol.ts';
import type { ParticipantId } from '../../src/kernel/identifiers.ts';
import type { Client, Context, Replica } from '../../src/kernel/participant.ts';
import { nullService } from '../../src/services/null.ts';
import type { System } from '../node/system.ts';
import type { RunSpec } from '../runtimes/runtime.ts';
import type { TransportPoint } from './transport-points.ts';

/** The first byte of a request says whether it is to be answered. */
const TO_BE_ANSWERED = 1;

/** What nodes run whose transport is measured: participants that do nothing but send. */
export function echoSystem(spec: RunSpec, point: TransportPoint): System {
  return { spec, suite: hmacSha256, service: nullService.create({}), protocol: echoProtocol(point) };
}

/** A message is only bytes; a client's first operation never ends, and is one round after the other. */
function echoProtocol(point: TransportPoint): DeployedProtocol {
  const none = { macsAtBusiestReplica: () => 0, messagesAtBusiestReplica: () => 0, messagesInAll: () => 0 };
  return {
    replicas: point.peers,
    quorum: point.peers,
    options: {},
    messageKinds: [],
    costModel: { ...none, published: { macsAtBusiestReplica: () => 0, source: 'none' }, oneWayLatencies: 2 },
    createReplica: (context) => new EchoReplica(context, point),
    createClient: (context) => new EchoClient(context, point),
  };
}

class EchoReplica implements Replica<Uint8Array> {
  readonly #context: Context<Uint8Array>;
  readonly #reply: Uint8Array;

  constructor(context: Context<Uint8Array>, { replyBytes }: TransportPoint) {
    this.#context = context;
    this.#reply = new Uint8Array(replyBytes);
  }

  start(): void {}

  receive(from: ParticipantId, bytes: Uint8Array): void {
    if (bytes[0] === TO_BE_ANSWERED) this.#context.send(from, this.#reply);
  }

  expire(): void {}
}

class EchoClient implements Client<Uint8Array> {
  readonly #context: Context<Uint8Array>;
  readonly #point: TransportPoint;
  readonly #peers: readonly ParticipantId[];
  readonly #answered: Uint8Array;
  readonly #unanswered: Uint8Array;
  #missing = 0;

  constructor(context: Context<Uint8Array>, point: TransportPoint) {
    this.#context = context;
    this.#point = point;
    this.#peers = Array.from({ length: point.peers }, (_, peer) => peer);
    this.#unanswered = new Uint8Array(point.requestBytes);
    this.#answered = new Uint8Array(point.requestBytes);
    this.#answered[0] = TO_BE_ANSWERED;
  }

  start(): void {}

  invoke(): void {
    const { messages, messagesPerReply, peers } = this.#point;
    this.#missing = (peers * messages) / messagesPerReply;
    for (let message = 1; message <= messages; message++) {
      this.#context.send(this.#peers, message % messagesPerReply === 0 ? this.#answered : this.#unanswered);
    }
  }

  receive(): void {
    this.#missing--;
    if (this.#missing === 0) this.invoke();
  }

  expire(): void {}
}

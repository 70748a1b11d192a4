import type { ZodType } from 'zod';
import type { MessageCodec } from './codec.ts';
import { ignored } from './counters.ts';
import type { ParticipantId } from './identifiers.ts';
import type { Operation } from './operation.ts';
import type { Client, ClientContext, Context, Replica, ReplicaContext, TimerId } from './participant.ts';
import type { CostModel, Deployment, ExecutionNotes, ProtocolDefinition } from './protocol.ts';
import type { Service } from './service.ts';

/** What the harness sees of a protocol: the same contract with bytes for messages. */
export interface Protocol {
  readonly name: string;
  readonly title: string;
  readonly reference: string;
  readonly leastFaults: number;
  replicas(faults: number): number;
  quorum(faults: number): number;
  readonly options: ZodType;
  readonly execution: ExecutionNotes;
  /** Checks the options. Throws ZodError for bad ones. */
  deploy(faults: number, service: Service, options: unknown): DeployedProtocol;
}

export interface DeployedProtocol {
  readonly replicas: number;
  readonly quorum: number;
  /** The options in force, defaults filled in. */
  readonly options: unknown;
  /** Names of the message kinds, by the first field of a message. */
  readonly messageKinds: readonly string[];
  /** The closed forms under these options. */
  readonly costModel: CostModel;
  createReplica(context: ReplicaContext<Uint8Array>): Replica<Uint8Array>;
  createClient(context: ClientContext<Uint8Array>): Client<Uint8Array>;
}

export function registerable<Message, Options>(definition: ProtocolDefinition<Message, Options>): Protocol {
  return {
    name: definition.name,
    title: definition.title,
    reference: definition.reference,
    leastFaults: definition.leastFaults,
    replicas: (faults) => definition.replicas(faults),
    quorum: (faults) => definition.quorum(faults),
    options: definition.options,
    execution: definition.execution,
    deploy(faults, service, options) {
      const deployment: Deployment<Options> = {
        faults,
        replicas: definition.replicas(faults),
        quorum: definition.quorum(faults),
        options: definition.options.parse(options),
        service,
      };
      const codec = definition.codec(deployment);
      return {
        replicas: deployment.replicas,
        quorum: deployment.quorum,
        options: deployment.options,
        messageKinds: codec.kinds,
        costModel: definition.costModel(deployment.options, service),
        createReplica(context) {
          const replica = definition.createReplica(deployment, new EncodingContext(context, codec));
          return new DecodingParticipant(replica, context, codec);
        },
        createClient(context) {
          const client = definition.createClient(deployment, new EncodingClientContext(context, codec));
          return new DecodingClient(client, context, codec);
        },
      };
    },
  };
}

class EncodingContext<Message> implements Context<Message> {
  readonly self: ParticipantId;
  readonly incarnation: number;
  readonly authentication: Context<Message>['authentication'];
  readonly #outer: Context<Uint8Array>;
  readonly #codec: MessageCodec<Message>;

  constructor(outer: Context<Uint8Array>, codec: MessageCodec<Message>) {
    this.self = outer.self;
    this.incarnation = outer.incarnation;
    this.authentication = outer.authentication;
    this.#outer = outer;
    this.#codec = codec;
  }

  now(): number {
    return this.#outer.now();
  }

  random(): number {
    return this.#outer.random();
  }

  send(to: ParticipantId | readonly ParticipantId[], message: Message): void {
    this.#outer.send(to, this.#codec.encode(message));
  }

  setTimer(timer: TimerId, delayUs: number): void {
    this.#outer.setTimer(timer, delayUs);
  }

  cancelTimer(timer: TimerId): void {
    this.#outer.cancelTimer(timer);
  }

  count(counter: string, amount?: number): void {
    this.#outer.count(counter, amount);
  }
}

class EncodingClientContext<Message> extends EncodingContext<Message> implements ClientContext<Message> {
  readonly #outer: ClientContext<Uint8Array>;

  constructor(outer: ClientContext<Uint8Array>, codec: MessageCodec<Message>) {
    super(outer, codec);
    this.#outer = outer;
  }

  complete(result: Uint8Array): void {
    this.#outer.complete(result);
  }
}

class DecodingParticipant<Message, Inner extends Replica<Message>> implements Replica<Uint8Array> {
  protected readonly inner: Inner;
  readonly #context: Context<Uint8Array>;
  readonly #codec: MessageCodec<Message>;

  constructor(inner: Inner, context: Context<Uint8Array>, codec: MessageCodec<Message>) {
    this.inner = inner;
    this.#context = context;
    this.#codec = codec;
  }

  start(): void {
    this.inner.start();
  }

  receive(from: ParticipantId, bytes: Uint8Array): void {
    const message = this.#codec.decode(bytes);
    if (message === undefined) this.#context.count(ignored('malformed'));
    else this.inner.receive(from, message);
  }

  expire(timer: TimerId): void {
    this.inner.expire(timer);
  }
}

class DecodingClient<Message> extends DecodingParticipant<Message, Client<Message>> implements Client<Uint8Array> {
  invoke(operation: Operation): void {
    this.inner.invoke(operation);
  }
}

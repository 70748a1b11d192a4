import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { MessageCodec } from './codec.ts';
import { registerable } from './erased-protocol.ts';
import { FIRST_CLIENT, type ParticipantId } from './identifiers.ts';
import type { Operation } from './operation.ts';
import type { ClientContext, Context, TimerId } from './participant.ts';
import type { ProtocolDefinition } from './protocol.ts';
import type { Service } from './service.ts';

/** A protocol whose messages are numbers and whose replica answers each with the next one. */
const options = z.strictObject({ step: z.int().min(1).default(1) });
type Options = z.infer<typeof options>;

const codec: MessageCodec<number> = {
  kinds: ['number'],
  encode: (message) => Uint8Array.of(message),
  decode: (bytes) => (bytes.length === 1 ? bytes[0] : undefined),
};

const echo: ProtocolDefinition<number, Options> = {
  name: 'echo',
  title: 'echo',
  reference: 'none',
  leastFaults: 1,
  replicas: (faults) => 2 * faults + 1,
  quorum: (faults) => faults + 1,
  options,
  execution: { queries: 'like updates', tentative: 'does not apply' },
  costModel: ({ step }) => ({
    macsAtBusiestReplica: () => 0,
    messagesAtBusiestReplica: () => 2,
    messagesInAll: () => 2 * step,
    published: { macsAtBusiestReplica: () => 0, source: 'none' },
    oneWayLatencies: 2,
  }),
  codec: () => codec,
  createReplica: (deployment, context) => ({
    start: () => context.setTimer(1, 10),
    receive: (from, message) => context.send(from, message + deployment.options.step),
    expire: (timer) => context.count('expired', timer),
  }),
  createClient: (_deployment, context) => ({
    start: () => context.cancelTimer(7),
    invoke: (operation) => context.send([0, 1], operation.argument[0] ?? 0),
    receive: (_from, message) => context.complete(Uint8Array.of(message)),
    expire: () => context.send(2, Math.floor(context.random() * 10) + context.now()),
  }),
};

const service: Service = {
  name: 'none',
  methods: new Map(),
  initialState: () => new Uint8Array(0),
  execute: (state) => ({ state, result: state }),
  operations: (object) => ({ next: () => ({ object, method: 'none', argument: new Uint8Array(0) }) }),
};

/** Writes down every effect. */
class Recorder implements ClientContext<Uint8Array> {
  readonly self: ParticipantId = FIRST_CLIENT;
  readonly incarnation = 0;
  readonly effects: unknown[] = [];
  readonly authentication: Context<Uint8Array>['authentication'] = {
    digestBytes: 32,
    tagBytes: 32,
    digest: (bytes) => bytes,
    generate: () => {},
    verify: () => true,
  };

  now(): number {
    return 100;
  }

  random(): number {
    return 0.5;
  }

  send(to: ParticipantId | readonly ParticipantId[], message: Uint8Array): void {
    this.effects.push(['send', to, message]);
  }

  setTimer(timer: TimerId, delayUs: number): void {
    this.effects.push(['setTimer', timer, delayUs]);
  }

  cancelTimer(timer: TimerId): void {
    this.effects.push(['cancelTimer', timer]);
  }

  count(counter: string, amount = 1): void {
    this.effects.push(['count', counter, amount]);
  }

  complete(result: Uint8Array): void {
    this.effects.push(['complete', result]);
  }
}

const protocol = registerable(echo);
const operation: Operation = { object: 'a', method: 'b', argument: Uint8Array.of(3) };

describe('a registered protocol', () => {
  test('is what its definition says', () => {
    expect([protocol.name, protocol.leastFaults, protocol.replicas(2), protocol.quorum(2)]).toEqual(['echo', 1, 5, 3]);
  });

  test('fills in its options when it is deployed, and refuses bad ones', () => {
    expect(protocol.deploy(1, service, {}).options).toEqual({ step: 1 });
    expect(() => protocol.deploy(1, service, { step: 0 })).toThrow(z.ZodError);
    expect(() => protocol.deploy(1, service, { stride: 1 })).toThrow(z.ZodError);
  });

  test('states its costs under the options in force', () => {
    const messages = (given: object) =>
      protocol.deploy(1, service, given).costModel.messagesInAll({ faults: 1, batch: 1 });
    expect([messages({}), messages({ step: 5 })]).toEqual([2, 10]);
  });

  test("passes a replica's events in as messages and its effects out as bytes", () => {
    const recorder = new Recorder();
    const replica = protocol.deploy(1, service, { step: 5 }).createReplica(recorder);
    replica.start();
    replica.receive(FIRST_CLIENT, Uint8Array.of(37));
    replica.expire(4);
    expect(recorder.effects).toEqual([
      ['setTimer', 1, 10],
      ['send', FIRST_CLIENT, Uint8Array.of(42)],
      ['count', 'expired', 4],
    ]);
  });

  test('drops and counts what does not decode', () => {
    const recorder = new Recorder();
    protocol.deploy(1, service, {}).createReplica(recorder).receive(FIRST_CLIENT, Uint8Array.of(1, 2));
    expect(recorder.effects).toEqual([['count', 'ignored.malformed', 1]]);
  });

  test("passes a client's events and effects likewise", () => {
    const recorder = new Recorder();
    const client = protocol.deploy(1, service, {}).createClient(recorder);
    client.start();
    client.invoke(operation);
    client.receive(0, Uint8Array.of(9));
    client.expire(0);
    expect(recorder.effects).toEqual([
      ['cancelTimer', 7],
      ['send', [0, 1], Uint8Array.of(3)],
      ['complete', Uint8Array.of(9)],
      ['send', 2, Uint8Array.of(105)],
    ]);
  });
});

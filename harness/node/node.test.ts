import { describe, expect, test, vi } from 'vitest';
import { protocolNamed } from '../../baselines/registry.ts';
import { hmacSha256 } from '../../src/crypto/hmac-sha256.ts';
import { FIRST_CLIENT, type ParticipantId } from '../../src/kernel/identifiers.ts';
import type { Operation } from '../../src/kernel/operation.ts';
import type { Client, Context, TimerId } from '../../src/kernel/participant.ts';
import { counterService } from '../../src/services/counter.ts';
import type { RunSpec } from '../runtimes/runtime.ts';
import { type Link, MISADDRESSED } from './link.ts';
import { Node } from './node.ts';
import { ParticipantHost } from './participant-host.ts';
import type { System } from './system.ts';

const SPEC: RunSpec = {
  protocol: 'scripted',
  protocolOptions: {},
  faults: 0,
  service: 'counter',
  serviceOptions: {},
  mac: 'hmac-sha256',
  seed: 1,
  load: { clients: 2, outstanding: 1, drivers: 1, objects: 'private', queryShare: 0 },
};
const A = FIRST_CLIENT;
const B = FIRST_CLIENT + 1;
const DRIVER = 1;
/** Not asked for by a node. */
const { costModel } = protocolNamed('unreplicated').deploy(0, counterService.create({}), {});
const BYTES = new Uint8Array(3);

type Event = (context: Context<Uint8Array>) => void;

/** Says what happens to it, and does as it is told by `script`. */
class Scripted implements Client<Uint8Array> {
  readonly #context: Context<Uint8Array>;
  readonly #log: string[];
  readonly #script: Readonly<Record<string, Event>>;
  #inCall = false;

  constructor(context: Context<Uint8Array>, log: string[], script: Readonly<Record<string, Event>>) {
    this.#context = context;
    this.#log = log;
    this.#script = script;
  }

  start(): void {
    this.#call('start');
  }

  receive(from: ParticipantId, bytes: Uint8Array): void {
    this.#call(`receive ${bytes.length} from ${from}`);
  }

  expire(timer: TimerId): void {
    this.#call(`expire ${timer}`);
  }

  invoke({ object }: Operation): void {
    this.#call(`invoke ${object}`);
  }

  #call(event: string): void {
    if (this.#inCall) throw new Error(`${event} within another call`);
    this.#inCall = true;
    const name = `${this.#context.self}: ${event}`;
    this.#log.push(name);
    this.#script[name]?.(this.#context);
    this.#inCall = false;
  }
}

function nodeWith(script: Readonly<Record<string, Event>>, replica = false) {
  const log: string[] = [];
  const sent: string[] = [];
  const link: Link = {
    send: (node, from, to, { length }) => sent.push(`node ${node}: ${length} from ${from} to ${to}`),
    counters: new Map([['link.test', 2]]),
    close: () => log.push('link closed'),
  };
  const system: System = {
    spec: SPEC,
    suite: hmacSha256,
    service: counterService.create({}),
    protocol: {
      replicas: 1,
      quorum: 1,
      messageKinds: [],
      options: {},
      costModel,
      createReplica: (context) => new Scripted(context, log, script),
      createClient: (context) => new Scripted(context, log, script),
    },
  };
  const role = replica ? ({ role: 'replica', replica: 0 } as const) : ({ role: 'driver', driver: 0 } as const);
  return { node: new Node(system, role, link), log, sent };
}

/** Only clients can. */
function complete(context: Context<Uint8Array>): void {
  if (!(context instanceof ParticipantHost)) throw new Error('not a client');
  context.complete(BYTES);
}

describe('a node', () => {
  test('starts its participants once, before the first message', () => {
    const { node, log } = nodeWith({});
    node.receive(0, B, BYTES);
    node.start();
    expect(log).toEqual([`${A}: start`, `${B}: start`, `${B}: receive 3 from 0`]);
  });

  test('sends to other nodes by its link, and to its own participants after the step', () => {
    const { node, log, sent } = nodeWith({
      [`${A}: receive 3 from 0`]: (context) => context.send([0, B, A], new Uint8Array(5)),
    });
    node.start();
    node.receive(0, A, BYTES);
    expect(sent).toEqual([`node 0: 5 from ${A} to 0`]);
    expect(log.slice(2)).toEqual([`${A}: receive 3 from 0`, `${B}: receive 5 from ${A}`, `${A}: receive 5 from ${A}`]);
  });

  test('counts what its participants do, and drops what is for nobody', () => {
    const { node } = nodeWith({
      [`${A}: receive 3 from 0`]: (context) => {
        context.send([0, FIRST_CLIENT + 2, 7], new Uint8Array(5));
        context.count('test.event', 4);
      },
      [`${B}: receive 3 from 0`]: (context) => context.count('test.event'),
    });
    node.receive(0, A, BYTES);
    node.receive(0, B, BYTES);
    node.receive(0, FIRST_CLIENT + 9, BYTES);
    expect(node.sample()).toMatchObject({
      node: { role: 'driver', driver: 0 },
      traffic: { messagesSent: 3, bytesSent: 15, messagesReceived: 2, bytesReceived: 6 },
      counters: { 'test.event': 5, 'link.test': 2, [MISADDRESSED]: 3 },
    });
  });

  test('invokes the next operation after the call that ended the last', async () => {
    const { node, log } = nodeWith({ [`${A}: receive 3 from 0`]: (context) => complete(context) });
    node.start();
    node.load?.start();
    await vi.waitFor(() => expect(log).toContain(`${A}: invoke object-0`));
    node.receive(0, A, BYTES);
    expect(log.slice(log.indexOf(`${A}: receive 3 from 0`))).toEqual(
      expect.arrayContaining([`${A}: receive 3 from 0`, `${A}: invoke object-0`]),
    );
    node.close();
  });

  test('expires timers, and those that were cancelled not', async () => {
    const { node, log } = nodeWith(
      {
        '0: start': (context) => {
          context.setTimer(1, 1_000);
          context.setTimer(2, 1_000);
          context.setTimer(3, 2_000);
          context.cancelTimer(2);
        },
      },
      true,
    );
    node.start();
    await vi.waitFor(() => expect(log).toEqual(['0: start', '0: expire 1', '0: expire 3']));
    node.close();
    expect(log.at(-1)).toBe('link closed');
  });

  test('does not hide an exception of a participant', () => {
    const { node } = nodeWith({
      [`${A}: receive 3 from ${DRIVER}`]: () => {
        throw new RangeError('planted');
      },
    });
    expect(() => node.receive(DRIVER, A, BYTES)).toThrow('planted');
  });
});

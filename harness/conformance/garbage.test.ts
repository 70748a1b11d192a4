import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { protocols } from '../../baselines/registry.ts';
import type { Protocol } from '../../src/kernel/erased-protocol.ts';
import { FIRST_CLIENT, type ParticipantId } from '../../src/kernel/identifiers.ts';
import type { Operation } from '../../src/kernel/operation.ts';
import { MILLISECOND } from '../../src/kernel/time.ts';
import { quCodec } from '../../src/qu/codec.ts';
import { MessageKind } from '../../src/qu/fields.ts';
import { qu } from '../../src/qu/protocol.ts';
import { counterService, counterValue } from '../../src/services/counter.ts';
import { sampleOperation } from '../../src/services/testing/sample-operation.ts';
import { Limit } from '../../src/wire/limits.ts';
import { hostileMessages } from '../../src/wire/testing/hostile-messages.ts';
import type { ParticipantHost } from '../node/participant-host.ts';
import { faultsTried } from './testing/faults-tried.ts';
import { PERFECT_NETWORK, Simulation } from './testing/simulation.ts';
import { trialSuite } from './testing/trial.ts';

const service = counterService.create({});

interface Recorded {
  readonly from: ParticipantId;
  readonly to: ParticipantId;
  readonly bytes: Uint8Array;
}

interface Case {
  readonly protocol: Protocol;
  readonly options: Readonly<Record<string, unknown>>;
}

/** Options under which a protocol sends messages that it does not send by default: Q/U fetches versions, repairs, and asks for histories. */
const FURTHER_OPTIONS: Readonly<Record<string, Case['options']>> = {
  qu: { preferredQuorum: false, cachedHistorySet: false, optimisticQuery: false },
  rcw: { preferredQuorum: false, writeFromCache: true },
  pbft: { tentative: false, readOnly: false, digestReplies: false },
};

const cases: readonly Case[] = protocols.flatMap((protocol) => {
  const further = FURTHER_OPTIONS[protocol.name];
  return [{}, ...(further === undefined ? [] : [further])].map((options) => ({ protocol, options }));
});

/** A deployment with one client at work, and every message that it has sent so far. */
class Deployed {
  readonly messages: Recorded[] = [];
  readonly participants: readonly ParticipantId[];
  readonly #simulation = new Simulation({ seed: 1, suite: trialSuite, network: PERFECT_NETWORK });
  readonly #hosts: ParticipantHost[] = [];
  readonly #invoke: (operation: Operation) => Uint8Array | undefined;

  constructor({ protocol, options }: Case, faults: number) {
    const deployed = protocol.deploy(faults, service, options);
    for (let replica = 0; replica < deployed.replicas; replica++) {
      this.#hosts.push(this.#simulation.addReplica(replica, (context) => deployed.createReplica(context)));
    }
    const { host, client } = this.#simulation.addClient(FIRST_CLIENT, (context) => deployed.createClient(context));
    this.#hosts.push(host);
    this.participants = this.#hosts.map(({ self }) => self);
    this.#invoke = (operation) => {
      let answer: Uint8Array | undefined;
      host.onComplete = (result) => {
        answer = Uint8Array.from(result);
      };
      client.invoke(operation);
      this.#simulation.runWhile(() => answer !== undefined, 50_000);
      this.#settle();
      return answer;
    };
  }

  /** The value that the client was answered. */
  increment(): number | undefined {
    return counterValue(this.#invoke(sampleOperation(service, 'update', 'counter')) ?? new Uint8Array(0));
  }

  read(): number | undefined {
    return counterValue(this.#invoke(sampleOperation(service, 'query', 'counter')) ?? new Uint8Array(0));
  }

  /** Asks for an update of two counters, which changes neither. Whether there was an answer. */
  touchTwo(): boolean {
    const operation = { ...sampleOperation(service, 'update', 'counter'), others: ['other'] };
    return this.#invoke(operation) !== undefined;
  }

  record(): void {
    this.#simulation.admit = (from, to, bytes) => {
      this.messages.push({ from, to, bytes: Uint8Array.from(bytes) });
      return true;
    };
  }

  stopRecording(): void {
    this.#simulation.admit = () => true;
  }

  /** Brings one message; whatever it sets off happens before this returns. */
  bring(from: ParticipantId, to: ParticipantId, bytes: Uint8Array): void {
    this.#simulation.deliver(from, to, bytes);
    this.#settle();
  }

  ignored(reason = ''): number {
    let sum = 0;
    for (const { counters } of this.#hosts) {
      for (const [name, amount] of counters) if (name.startsWith(`ignored.${reason}`)) sum += amount;
    }
    return sum;
  }

  #settle(): void {
    this.#simulation.runUntil(this.#simulation.now() + MILLISECOND);
  }
}

function working(given: Case, faults: number): Deployed {
  const deployed = new Deployed(given, faults);
  deployed.record();
  for (let value = 1; value <= 5; value++) {
    expect(deployed.increment()).toBe(value);
    expect(deployed.read()).toBe(value);
    expect(deployed.touchTwo()).toBe(true);
  }
  deployed.stopRecording();
  return deployed;
}

/** A genuine message after one of the things that can happen to it. */
const damage = fc.oneof(
  fc.record({ kind: fc.constant('flip'), at: fc.nat(), bits: fc.integer({ min: 1, max: 255 }) }),
  fc.record({ kind: fc.constant('cut'), at: fc.nat(), bits: fc.constant(0) }),
  fc.record({ kind: fc.constant('prolong'), at: fc.nat(), bits: fc.integer({ min: 0, max: 255 }) }),
);

function damaged(bytes: Uint8Array, { kind, at, bits }: { kind: string; at: number; bits: number }): Uint8Array {
  if (kind === 'cut') return bytes.slice(0, at % bytes.length);
  if (kind === 'prolong') return Uint8Array.from([...bytes, bits]);
  const copy = bytes.slice();
  copy[at % copy.length] = (copy[at % copy.length] ?? 0) ^ bits;
  return copy;
}

describe.each(cases)('$protocol.name, options $options', (given) => {
  describe.each(faultsTried(given.protocol).slice(0, 1))('f=%i', (faults) => {
    test('noise is dropped and counted as malformed, by replicas and clients, and the work goes on', () => {
      const deployed = working(given, faults);
      const receiver = fc.constantFrom(...deployed.participants);
      fc.assert(
        fc.property(fc.nat(), receiver, fc.uint8Array({ maxLength: 120 }), (from, to, bytes) => {
          const before = deployed.ignored('malformed');
          deployed.bring(from, to, bytes);
          expect(deployed.ignored('malformed')).toBe(before + 1);
        }),
        { numRuns: 300 },
      );
      expect(deployed.increment()).toBe(6);
    });

    test('hostile and oversized bytes likewise', () => {
      const deployed = working(given, faults);
      const before = deployed.ignored('malformed');
      const messages = [...hostileMessages.map(({ bytes }) => bytes), new Uint8Array(2 * Limit.messageBytes)];
      for (const bytes of messages) for (const to of deployed.participants) deployed.bring(0, to, bytes);
      expect(deployed.ignored('malformed')).toBe(before + messages.length * deployed.participants.length);
      expect(deployed.increment()).toBe(6);
    });

    test('genuine messages that were damaged, cut, prolonged or sent under another number change nothing', () => {
      const deployed = working(given, faults);
      const sender = fc.constantFrom(...deployed.participants, FIRST_CLIENT + 1, 0xffff_ffff);
      const before = deployed.ignored();
      fc.assert(
        fc.property(fc.constantFrom(...deployed.messages), fc.option(sender), damage, (message, from, how) => {
          deployed.bring(from ?? message.from, message.to, damaged(message.bytes, how));
        }),
        { numRuns: 400 },
      );
      // Not every one of them: a changed byte may stand where nobody looks any more.
      expect(deployed.ignored()).toBeGreaterThan(before + 200);
      expect(deployed.increment()).toBe(6);
      expect(deployed.increment()).toBe(7);
    });

    test('genuine messages that come again, to whomever, change nothing', () => {
      const deployed = working(given, faults);
      fc.assert(
        fc.property(fc.constantFrom(...deployed.messages), fc.constantFrom(...deployed.participants), (message, to) => {
          deployed.bring(message.from, to, message.bytes);
        }),
        { numRuns: 300 },
      );
      expect(deployed.increment()).toBe(6);
    });
  });
});

test('the messages of Q/U that are damaged above are of every type', () => {
  const codec = quCodec(qu.replicas(1));
  const quCases = cases.filter(({ protocol }) => protocol.name === 'qu');
  const types = quCases.flatMap((given) => working(given, 1).messages.map(({ bytes }) => codec.decode(bytes)?.type));
  expect([...new Set(types)].sort()).toEqual(Object.keys(MessageKind).sort());
});

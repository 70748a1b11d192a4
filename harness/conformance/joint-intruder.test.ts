import { describe, expect, test } from 'vitest';
import { registerable } from '../../src/kernel/erased-protocol.ts';
import { FIRST_CLIENT } from '../../src/kernel/identifiers.ts';
import type { Operation } from '../../src/kernel/operation.ts';
import type { Client, ClientContext, Replica, ReplicaContext } from '../../src/kernel/participant.ts';
import { alteredContext } from '../../src/kernel/testing/altered-context.ts';
import { MILLISECOND, SECOND } from '../../src/kernel/time.ts';
import type { QuMessage } from '../../src/qu/message.ts';
import { qu } from '../../src/qu/protocol.ts';
import { inventing } from '../../src/qu/testing/lying-replicas.ts';
import { PERFECT_NETWORK, Simulation } from '../runtimes/sim/simulation.ts';
import { JointIntruder } from './testing/joint-intruder.ts';
import { type Account, accountsIn, ledger } from './testing/ledger.ts';
import { trialSuite } from './testing/trial.ts';

/** What Byzantine clients and replicas may do to joint operations, one thing at a time: nobody else's operations may get stuck for it. */
const NO_ARGUMENT = new Uint8Array(0);

type Wrap = (context: ReplicaContext<QuMessage>) => ReplicaContext<QuMessage>;

class Bench {
  readonly simulation = new Simulation({ seed: 1, suite: trialSuite, network: PERFECT_NETWORK });
  readonly hosts: { readonly counters: ReadonlyMap<string, number> }[] = [];
  readonly intruder: JointIntruder;
  readonly #options: Readonly<Record<string, unknown>>;
  #clients = 1;

  constructor(liar?: Wrap, options: Readonly<Record<string, unknown>> = {}) {
    this.#options = options;
    const honest = registerable(qu).deploy(1, ledger, options);
    const lying = registerable({
      ...qu,
      createReplica: (deployment, context: ReplicaContext<QuMessage>): Replica<QuMessage> =>
        qu.createReplica(deployment, liar?.(context) ?? context),
    } as typeof qu).deploy(1, ledger, options);
    for (let replica = 0; replica < 6; replica++) {
      const deployed = replica === 5 ? lying : honest;
      this.hosts.push(this.simulation.addReplica(replica, (context) => deployed.createReplica(context)));
    }
    const found: JointIntruder[] = [];
    const intruding = registerable({
      ...qu,
      createClient: (deployment, context: ClientContext<QuMessage>): Client<QuMessage> => {
        const intruder = new JointIntruder(deployment, context);
        found.push(intruder);
        return intruder;
      },
    } as typeof qu).deploy(1, ledger, options);
    this.simulation.addClient(FIRST_CLIENT, (context) => intruding.createClient(context));
    const [intruder] = found;
    if (intruder === undefined) throw new Error('no intruder');
    this.intruder = intruder;
  }

  settle(): void {
    this.simulation.runUntil(this.simulation.now() + 20 * MILLISECOND);
  }

  look(objects: readonly string[]): void {
    this.intruder.look(objects);
    this.settle();
  }

  act(...parameters: Parameters<JointIntruder['act']>) {
    const acted = this.intruder.act(...parameters);
    this.settle();
    return { type: acted.type, accepted: this.intruder.accepted.get(acted.number)?.length ?? 0 };
  }

  client() {
    const deployed = registerable(qu).deploy(1, ledger, this.#options);
    const added = this.simulation.addClient(FIRST_CLIENT + this.#clients++, (context) =>
      deployed.createClient(context),
    );
    this.hosts.push(added.host);
    return added;
  }

  /** Undefined if the operation does not end within ten minutes. */
  carryOut(operation: Operation, by = this.client(), limitUs = 600 * SECOND): Account[] | undefined {
    const answers: Account[][] = [];
    by.host.onComplete = (result) => answers.push(accountsIn(result));
    by.client.invoke(operation);
    const end = this.simulation.now() + limitUs;
    this.simulation.runWhile(() => answers.length > 0 || this.simulation.now() > end, 60_000);
    return answers[0];
  }

  counts(prefix: string) {
    const sums = new Map<string, number>();
    for (const { counters } of this.hosts)
      for (const [name, amount] of counters)
        if (name.startsWith(prefix)) sums.set(name, (sums.get(name) ?? 0) + amount);
    return Object.fromEntries(sums);
  }
}

function move(object: string, ...others: readonly string[]): Operation {
  return { object, others, method: 'move', argument: NO_ARGUMENT };
}

test.each([[[0, 1]], [[0, 1, 2]], [[0, 1, 2, 3]]])(
  'a joint update of one object alone, at replicas %j, keeps nobody from it',
  (to) => {
    const bench = new Bench();
    bench.act(['a'], to);
    expect(bench.carryOut(move('a')), JSON.stringify(bench.counts('qu.'))).toBeDefined();
    expect(bench.carryOut(move('a', 'b')), JSON.stringify(bench.counts('qu.'))).toBeDefined();
  },
);

// As long as they are not more than MOST_JOINT_OBJECTS: what is unfinished is settled for all objects that it is tied to together.
test('updates that tie many objects together keep nobody from them', () => {
  const bench = new Bench();
  const names = (prefix: string) => Array.from({ length: 7 }, (_, index) => `${prefix}${index}`);
  expect(bench.act(['a', ...names('x')], [0, 1])).toMatchObject({ type: 'method', accepted: 2 });
  for (const [index, prefix] of ['y', 'z', 'w'].entries()) {
    expect(bench.act([`x${index}`, ...names(prefix)], [2, 3], [])).toMatchObject({ type: 'method', accepted: 2 });
  }
  expect(bench.carryOut(move('a')), JSON.stringify(bench.counts('qu.'))).toBeDefined();
});

test('a replica that floods with bindings keeps nobody from what is unfinished', () => {
  let fill = 0;
  const bench = new Bench((context) =>
    alteredContext(context, {
      send(to, message) {
        if (message.type !== 'jointReply') return context.send(to, message);
        const bindings = Array.from({ length: 24 }, () => {
          const requestDigest = new Uint8Array(32);
          new DataView(requestDigest.buffer).setUint32(0, ++fill);
          return { objects: ['a', 'b'], requestDigest };
        });
        context.send(to, { ...message, bindings });
      },
    }),
  );
  bench.act(['a', 'b'], [0, 1]);
  const client = bench.client();
  expect(bench.carryOut(move('a', 'b'), client), JSON.stringify(bench.counts('qu.'))).toBeDefined();
  expect(bench.carryOut(move('b', 'a')), JSON.stringify(bench.counts('qu.'))).toBeDefined();
});

test('many copies of a group do not hide what the next one is about', () => {
  const bench = new Bench();
  const all = [0, 1, 2, 3, 4, 5];
  const steps: string[] = [];
  const act = (...parameters: Parameters<JointIntruder['act']>) => {
    bench.look(['a', 'x', 'b']);
    const { type, accepted } = bench.act(...parameters);
    steps.push(`${type}${accepted}`);
  };
  bench.act(['a', 'x'], [0, 1]);
  for (let round = 0; round < 26; round++) {
    // A barrier where a complete one stands already; then the copy past it.
    act(['a', 'x'], all, [0, 1]);
    act(['a', 'x'], all);
  }
  act(['a', 'x', 'b'], all, [0, 1]);
  act(['a', 'x', 'b'], [0, 1, 2]);
  const done = bench.carryOut(move('a'));
  expect(done, `${steps.join(' ')} ${JSON.stringify(bench.counts('qu.'))}`).toBeDefined();
});

test('an object whose time a liar has driven far ahead can still be worked on together with one that is new', () => {
  const { reply: lie } = inventing((latest) => latest + 2 ** 32 - 1);
  const bench = new Bench((context) =>
    alteredContext(context, {
      send(to, message) {
        if (message.type !== 'reply' || typeof to !== 'number' || lie === undefined) return context.send(to, message);
        context.send(to, lie(message, to, context.authentication, 6));
      },
    }),
  );
  const client = bench.client();
  for (let count = 0; count < 4; count++)
    expect(
      bench.carryOut(move('x'), client),
      `${count} ${bench.simulation.now()} ${JSON.stringify(bench.counts('qu.'))}`,
    ).toBeDefined();
  expect(bench.carryOut(move('x', 'y')), JSON.stringify(bench.counts('qu.'))).toBeDefined();
});

test('few cached objects are enough for operations over several', () => {
  const bench = new Bench(undefined, { cachedObjects: 1 });
  bench.act(['a', 'b', 'c'], [0, 1]);
  expect(bench.carryOut(move('a')), JSON.stringify(bench.counts('qu.'))).toBeDefined();
});

const ALL = [0, 1, 2, 3, 4, 5];
const ALL_BUT_0 = [1, 2, 3, 4, 5];

test('a replica takes no part in settling what it holds without all objects of that, though nobody has seen it', () => {
  const bench = new Bench();
  bench.act(['a', 'b'], [0]);
  bench.act(['a', 'c'], [1], []);
  bench.look(['a', 'c']);
  expect(bench.act(['a', 'c'], ALL, [1])).toEqual({ type: 'barrier', accepted: 6 });
  bench.look(['a', 'c']);
  expect(bench.act(['a', 'c'], ALL, ALL_BUT_0)).toEqual({ type: 'copy', accepted: 5 });
});

describe('a repair of one object alone settles nothing that has others of other objects', () => {
  const repairAlone = (bench: Bench, ...parameters: Parameters<JointIntruder['repairAlone']>) => {
    bench.look(['a']);
    const { type, number } = bench.intruder.repairAlone(...parameters);
    bench.settle();
    return { type, accepted: bench.intruder.accepted.get(number)?.length ?? 0 };
  };

  test('in place: only those say yes that have it', () => {
    const bench = new Bench();
    bench.act(['a', 'b'], [0, 1, 2]);
    expect(repairAlone(bench, 'a', ALL)).toEqual({ type: 'inlineMethod', accepted: 3 });
  });

  test('by a copy, where the set shows it', () => {
    const bench = new Bench();
    bench.act(['a', 'b'], [0, 1, 2]);
    expect(repairAlone(bench, 'a', ALL, [0])).toEqual({ type: 'barrier', accepted: 6 });
    expect(repairAlone(bench, 'a', ALL)).toEqual({ type: 'copy', accepted: 0 });
  });

  test('by a copy, at those that hold it', () => {
    const bench = new Bench();
    bench.act(['a', 'b'], [0]);
    expect(repairAlone(bench, 'a', ALL, [0])).toEqual({ type: 'barrier', accepted: 6 });
    expect(repairAlone(bench, 'a', ALL, ALL_BUT_0)).toEqual({ type: 'copy', accepted: 5 });
  });
});

test.each([[false], [true]])(
  'of two copies past the same barriers a replica takes one (the other first: %j)',
  (isSwapped) => {
    const bench = new Bench();
    bench.act(['a', 'b'], [0, 1]);
    bench.look(['a', 'b']);
    bench.act(['a', 'b'], ALL, [0]);
    bench.look(['a', 'b']);
    // Both show enough barriers without that of replica 3 itself, which its own history is soon past.
    const sets = [ALL, [0, 1, 2, 4, 5]];
    if (isSwapped) sets.reverse();
    const rounds = sets.map((shownBy) => bench.intruder.act(['a', 'b'], [3], shownBy));
    bench.settle();
    const accepted = rounds.map(({ type, number }) => `${type} ${bench.intruder.accepted.get(number)?.length ?? 0}`);
    expect(accepted).toEqual(['copy 1', 'copy 0']);
  },
);

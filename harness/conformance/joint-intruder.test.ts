import { describe, expect, test } from 'vitest';
import type { Operation } from '../../src/kernel/operation.ts';
import { alteredContext } from '../../src/kernel/testing/altered-context.ts';
import { inventing } from '../../src/qu/testing/lying-replicas.ts';
import { IntruderBench } from './testing/intruder-bench.ts';
import type { JointIntruder } from './testing/joint-intruder.ts';

/** What Byzantine clients and replicas may do to joint operations, one thing at a time: nobody else's operations may get stuck for it. */
const NO_ARGUMENT = new Uint8Array(0);

function move(object: string, ...others: readonly string[]): Operation {
  return { object, others, method: 'move', argument: NO_ARGUMENT };
}

test.each([[[0, 1]], [[0, 1, 2]], [[0, 1, 2, 3]]])(
  'a joint update of one object alone, at replicas %j, keeps nobody from it',
  (to) => {
    const bench = new IntruderBench();
    bench.act(['a'], to);
    expect(bench.carryOut(move('a')), JSON.stringify(bench.counts('qu.'))).toBeDefined();
    expect(bench.carryOut(move('a', 'b')), JSON.stringify(bench.counts('qu.'))).toBeDefined();
  },
);

// As long as they are not more than MOST_JOINT_OBJECTS: what is unfinished is settled for all objects that it is tied to together.
test('updates that tie many objects together keep nobody from them', () => {
  const bench = new IntruderBench();
  const names = (prefix: string) => Array.from({ length: 7 }, (_, index) => `${prefix}${index}`);
  expect(bench.act(['a', ...names('x')], [0, 1])).toMatchObject({ type: 'method', accepted: 2 });
  for (const [index, prefix] of ['y', 'z', 'w'].entries()) {
    expect(bench.act([`x${index}`, ...names(prefix)], [2, 3], [])).toMatchObject({ type: 'method', accepted: 2 });
  }
  expect(bench.carryOut(move('a')), JSON.stringify(bench.counts('qu.'))).toBeDefined();
});

test('a replica that floods with bindings keeps nobody from what is unfinished', () => {
  let fill = 0;
  const bench = new IntruderBench((context) =>
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
  const bench = new IntruderBench();
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
  const bench = new IntruderBench((context) =>
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
  const bench = new IntruderBench(undefined, { cachedObjects: 1 });
  bench.act(['a', 'b', 'c'], [0, 1]);
  expect(bench.carryOut(move('a')), JSON.stringify(bench.counts('qu.'))).toBeDefined();
});

const ALL = [0, 1, 2, 3, 4, 5];
const ALL_BUT_0 = [1, 2, 3, 4, 5];

test('a replica takes no part in settling what it holds without all objects of that, though nobody has seen it', () => {
  const bench = new IntruderBench();
  bench.act(['a', 'b'], [0]);
  bench.act(['a', 'c'], [1], []);
  bench.look(['a', 'c']);
  expect(bench.act(['a', 'c'], ALL, [1])).toEqual({ type: 'barrier', accepted: 6 });
  bench.look(['a', 'c']);
  expect(bench.act(['a', 'c'], ALL, ALL_BUT_0)).toEqual({ type: 'copy', accepted: 5 });
});

describe('a repair of one object alone settles nothing that has others of other objects', () => {
  const repairAlone = (bench: IntruderBench, ...parameters: Parameters<JointIntruder['repairAlone']>) => {
    bench.look(['a']);
    const { type, number } = bench.intruder.repairAlone(...parameters);
    bench.settle();
    return { type, accepted: bench.acceptedIn(number) };
  };

  test('in place: only those say yes that have it', () => {
    const bench = new IntruderBench();
    bench.act(['a', 'b'], [0, 1, 2]);
    expect(repairAlone(bench, 'a', ALL)).toEqual({ type: 'inlineMethod', accepted: 3 });
  });

  test('by a copy, where the set shows it', () => {
    const bench = new IntruderBench();
    bench.act(['a', 'b'], [0, 1, 2]);
    expect(repairAlone(bench, 'a', ALL, [0])).toEqual({ type: 'barrier', accepted: 6 });
    expect(repairAlone(bench, 'a', ALL)).toEqual({ type: 'copy', accepted: 0 });
  });

  test('by a copy, at those that hold it', () => {
    const bench = new IntruderBench();
    bench.act(['a', 'b'], [0]);
    expect(repairAlone(bench, 'a', ALL, [0])).toEqual({ type: 'barrier', accepted: 6 });
    expect(repairAlone(bench, 'a', ALL, ALL_BUT_0)).toEqual({ type: 'copy', accepted: 5 });
  });
});

test.each([[false], [true]])(
  'of two copies past the same barriers a replica takes one (the other first: %j)',
  (isSwapped) => {
    const bench = new IntruderBench();
    bench.act(['a', 'b'], [0, 1]);
    bench.look(['a', 'b']);
    bench.act(['a', 'b'], ALL, [0]);
    bench.look(['a', 'b']);
    // Both show enough barriers without that of replica 3 itself, which its own history is soon past.
    const sets = [ALL, [0, 1, 2, 4, 5]];
    if (isSwapped) sets.reverse();
    const rounds = sets.map((shownBy) => bench.intruder.act(['a', 'b'], [3], shownBy));
    bench.settle();
    const accepted = rounds.map(({ type, number }) => `${type} ${bench.acceptedIn(number)}`);
    expect(accepted).toEqual(['copy 1', 'copy 0']);
  },
);

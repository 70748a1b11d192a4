import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Operation } from '../kernel/operation.ts';
import type { Service } from '../kernel/service.ts';
import { Limit } from '../wire/limits.ts';
import { MalformedMessage } from '../wire/packing.ts';
import { hostileMessages } from '../wire/testing/hostile-messages.ts';
import { services } from './services.ts';
import { StateMachine } from './state-machine.ts';
import { randomFrom } from './testing/random-from.ts';
import { sampleOperation } from './testing/sample-operation.ts';

/** What every service must hold to, so that every protocol can replicate it. A new service gets these tests by its registration. */
const configurations = services.flatMap((definition) =>
  // Each service under its defaults, and with every numeric option at a size that matters.
  [
    {},
    ...(definition.name === 'null' ? [{ requestBytes: 4096 }, { replyBytes: 4096 }] : []),
    ...(definition.name === 'kv' ? [{ keys: 3, transferShare: 1 }] : []),
  ].map((options) => ({
    title: `${definition.name} ${JSON.stringify(options)}`,
    definition,
    options,
  })),
);

const anyMethod = (service: Service) =>
  fc.oneof(fc.constantFrom(...service.methods.keys()), fc.string({ minLength: 1 }));
const NO_BYTES = new Uint8Array(0);
const anyBytes = fc.uint8Array({ maxLength: 64 });
const anyObject = fc.constantFrom('a', 'b', 'ä', '__proto__', 'constructor', 'x'.repeat(Limit.objectNameLength));
/** All different, as an operation names them. */
const someObjects = fc.uniqueArray(anyObject, { minLength: 1, maxLength: 1 + Limit.otherObjects });

function frozen(bytes: Uint8Array): { readonly bytes: Uint8Array; readonly unchanged: () => boolean } {
  const copy = Uint8Array.from(bytes);
  return { bytes, unchanged: () => Buffer.compare(bytes, copy) === 0 };
}

describe.each(configurations)('$title', ({ definition, options }) => {
  const service = definition.create(options);

  const samples = (['update', 'query'] as const).filter((kind) => [...service.methods.values()].includes(kind));
  const operation: fc.Arbitrary<Operation> = fc.oneof(
    fc
      // A session may add to the name that it is given.
      .record({ object: fc.constantFrom('a', 'ä', '__proto__'), kind: fc.constantFrom(...samples) })
      .map(({ object, kind }) => sampleOperation(service, kind, object)),
    fc
      .record({ objects: someObjects, method: anyMethod(service), argument: anyBytes })
      .map(({ objects: [object = 'a', ...others], ...rest }) => ({ object, others, ...rest })),
  );

  test('bears its name, and knows updates', () => {
    expect(service.name).toBe(definition.name);
    expect([...service.methods.values()]).toContain('update');
    expect(definition.summary.length).toBeGreaterThan(0);
  });

  test('refuses an option that it does not have', () => {
    expect(definition.options.safeParse({ ...options, noSuchOption: 1 }).success).toBe(false);
  });

  test.each(samples)('sends, for %s, one of its own methods of that kind, within the limits', (kind) => {
    const sample = sampleOperation(service, kind, 'object');
    expect(sample.object.startsWith('object')).toBe(true);
    expect(service.methods.get(sample.method)).toBe(kind);
    expect(sample.argument.length).toBeLessThanOrEqual(Limit.argumentBytes);
  });

  test('method names fit the wire', () => {
    for (const method of service.methods.keys()) {
      expect(method.length).toBeGreaterThan(0);
      expect(method.length).toBeLessThanOrEqual(Limit.methodNameLength);
    }
  });

  /** States that no operation led to, and such as objects begin with. */
  const anyState = fc.oneof(
    anyBytes,
    anyObject.map((object) => service.initialState(object)),
  );
  const anyCall = fc.record({
    states: fc.array(anyState, { minLength: 1, maxLength: 1 + Limit.otherObjects }),
    method: anyMethod(service),
    argument: anyBytes,
  });

  test('is total and deterministic, and leaves what it was handed as it was', () => {
    const again = definition.create(options);
    fc.assert(
      fc.property(anyCall, ({ states, method, argument }) => {
        const [given, ...before] = [argument, ...states].map(frozen);
        const [state = argument, ...others] = states;
        const first = service.execute(state, method, argument, others);
        const [copy = argument, ...copies] = states.map((each) => Uint8Array.from(each));
        const second = again.execute(copy, method, Uint8Array.from(argument), copies);
        expect([first.state, ...(first.others ?? others)].map(String)).toEqual(
          [second.state, ...(second.others ?? copies)].map(String),
        );
        expect(Buffer.compare(first.result, second.result)).toBe(0);
        expect(first.result.length).toBeLessThanOrEqual(Limit.resultBytes);
        expect(first.others ?? others).toHaveLength(others.length);
        expect([given, ...before].every((each) => each?.unchanged() === true)).toBe(true);
      }),
    );
  });

  test('a query, and a method that it does not have, hand back the very states', () => {
    fc.assert(
      fc.property(anyCall, ({ states: [state = NO_BYTES, ...others], method, argument }) => {
        if (service.methods.get(method) === 'update') return;
        const execution = service.execute(state, method, argument, others);
        expect(execution.state).toBe(state);
        for (const [index, after] of (execution.others ?? others).entries()) expect(after).toBe(others[index]);
      }),
    );
    const state = service.initialState('a');
    const unknown = service.execute(state, 'no such method', NO_BYTES, [service.initialState('b')]);
    expect(unknown.result.length).toBeGreaterThan(0);
    expect(unknown.state).toBe(state);
  });

  test('no method works on more objects than an operation may have: all are as they were', () => {
    const state = service.initialState('a');
    const others = new Array<Uint8Array>(Limit.otherObjects + 1).fill(state);
    for (const method of service.methods.keys()) {
      const execution = service.execute(state, method, sampleOperation(service, 'update', 'a').argument, others);
      expect([execution.state, execution.others ?? others]).toEqual([state, others]);
      expect(execution.result.length).toBeGreaterThan(0);
    }
  });

  test('an object begins equal on every replica', () => {
    expect(definition.create(options).initialState('a')).toEqual(service.initialState('a'));
  });

  const machineAfter = (operations: readonly Operation[]) => {
    const machine = new StateMachine(service);
    const results = operations.map((each) => machine.execute(each));
    return { machine, results };
  };

  test('two machines that ran the same sequence gave the same results and have the same snapshot', () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 20 }), (operations) => {
        const [one, other] = [machineAfter(operations), machineAfter(operations)];
        expect(one.results.map(String)).toEqual(other.results.map(String));
        expect(Buffer.compare(one.machine.snapshot(), other.machine.snapshot())).toBe(0);
      }),
    );
  });

  test('the order in which independent objects were reached does not show in the snapshot', () => {
    const a = sampleOperation(service, 'update', 'a');
    const b = sampleOperation(service, 'update', 'b');
    expect(Buffer.compare(machineAfter([a, b]).machine.snapshot(), machineAfter([b, a]).machine.snapshot())).toBe(0);
  });

  test('a machine restored from a snapshot goes on as the other does', () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 12 }), fc.array(operation, { maxLength: 12 }), (before, after) => {
        const { machine } = machineAfter(before);
        // As it comes off the wire: a view of a larger buffer, which is overwritten afterwards.
        const received = Buffer.concat([Buffer.alloc(7, 0xee), machine.snapshot()]);
        const restored = new StateMachine(service);
        restored.restore(received.subarray(7));
        received.fill(0xee);
        expect(Buffer.compare(restored.snapshot(), machine.snapshot())).toBe(0);
        expect(after.map((each) => String(restored.execute(each)))).toEqual(
          after.map((each) => String(machine.execute(each))),
        );
        expect(Buffer.compare(restored.snapshot(), machine.snapshot())).toBe(0);
      }),
    );
  });

  /** What a session asks for, one after the other, which brings it past its first steps. */
  const played = (machine: StateMachine, seed: number, operations: number): string[] => {
    const random = randomFrom(seed);
    const source = service.operations('a', random);
    return Array.from({ length: operations }, () => {
      const kind = samples[Math.floor(random() * samples.length)] ?? 'update';
      const asked = source.next(kind);
      const result = machine.execute(asked);
      source.heard?.(asked, result);
      return String(result);
    });
  };

  test('what a session did since `begin` can be undone, and a restored machine serves it alike', () => {
    fc.assert(
      fc.property(fc.integer(), fc.nat(60), fc.integer({ min: 1, max: 60 }), (seed, before, after) => {
        const machine = new StateMachine(service);
        played(machine, seed, before);
        const untouched = Uint8Array.from(machine.snapshot());
        const restored = new StateMachine(service);
        restored.restore(untouched);
        machine.begin();
        const results = played(machine, seed + 1, after);
        const touched = Uint8Array.from(machine.snapshot());
        machine.undo();
        expect(Buffer.compare(machine.snapshot(), untouched)).toBe(0);
        expect(played(restored, seed + 1, after)).toEqual(results);
        expect(Buffer.compare(restored.snapshot(), touched)).toBe(0);
      }),
      { numRuns: 20 },
    );
  });

  test('what was executed since `begin` can be undone, and what was kept cannot', () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 8 }), fc.array(operation, { maxLength: 8 }), (before, after) => {
        const { machine } = machineAfter(before);
        const untouched = Uint8Array.from(machine.snapshot());
        const run = () => after.map((each) => String(machine.execute(each)));
        machine.begin();
        const results = run();
        machine.undo();
        expect(Buffer.compare(machine.snapshot(), untouched)).toBe(0);
        machine.begin();
        expect(run()).toEqual(results);
        machine.keep();
        const kept = Uint8Array.from(machine.snapshot());
        machine.undo();
        expect(Buffer.compare(machine.snapshot(), kept)).toBe(0);
      }),
    );
  });

  test('queries leave no trace in the snapshot', () => {
    if (!samples.includes('query')) return;
    const machine = new StateMachine(service);
    const empty = Uint8Array.from(machine.snapshot());
    machine.execute(sampleOperation(service, 'query', 'a'));
    expect(Buffer.compare(machine.snapshot(), empty)).toBe(0);
    expect(machine.isQuery(sampleOperation(service, 'query', 'a'))).toBe(true);
    expect(machine.isQuery(sampleOperation(service, 'update', 'a'))).toBe(false);
  });

  test('bytes that are no snapshot are refused, and the state is as it was', () => {
    const { machine } = machineAfter([sampleOperation(service, 'update', 'a')]);
    const before = Uint8Array.from(machine.snapshot());
    for (const { bytes } of hostileMessages) expect(() => machine.restore(bytes)).toThrow(MalformedMessage);
    expect(() => machine.restore(Uint8Array.of(0x91, 0xa1, 0x61))).toThrow(MalformedMessage);
    expect(Buffer.compare(machine.snapshot(), before)).toBe(0);
  });
});

import fc from 'fast-check';
import { effectsOf, type TestObject, type TestOperation } from './histories.ts';

const OBJECTS = [0, 1, 2] as const;

/** How one operation on one object or more goes; times in µs. */
interface Step {
  readonly objects: readonly number[];
  /** For each object whether it is left as it is. */
  readonly reads: readonly boolean[];
  readonly gapUs: number;
  readonly beforeUs: number;
  readonly afterUs: number;
  readonly fate: 'ended' | 'lost' | 'never carried out';
}

const step: fc.Arbitrary<Step> = fc.record({
  objects: fc.shuffledSubarray([...OBJECTS], { minLength: 1 }),
  reads: fc.array(fc.boolean(), { minLength: OBJECTS.length, maxLength: OBJECTS.length }),
  gapUs: fc.integer({ min: 0, max: 8 }),
  beforeUs: fc.integer({ min: 0, max: 40 }),
  afterUs: fc.integer({ min: 0, max: 40 }),
  fate: fc
    .integer({ min: 0, max: 19 })
    .map((number) => (number === 0 ? 'lost' : number === 1 ? 'never carried out' : 'ended')),
});

/**
 * Histories of several objects whose operations took effect at one instant each, some without a known outcome: strictly serializable by
 * construction.
 */
export function serializableHistory(maxLength: number): fc.Arbitrary<readonly TestOperation[]> {
  return fc.array(step, { minLength: 1, maxLength }).map((steps) => {
    const values: number[] = OBJECTS.map(() => 0);
    let nowUs = 100;
    return steps.map(({ objects, reads, gapUs, beforeUs, afterUs, fate }): TestOperation => {
      nowUs += gapUs;
      const invokedUs = nowUs - beforeUs;
      if (fate !== 'ended') {
        if (fate === 'lost') for (const object of objects) values[object] = (values[object] ?? 0) + 1;
        return operationOn(
          objects.map((object) => ({ object })),
          { invokedUs },
        );
      }
      const effects = objects.map((object, index): TestObject => {
        const read = reads[index] === true;
        const value = (values[object] ?? 0) + (read ? 0 : 1);
        values[object] = value;
        return { object, read, value };
      });
      return operationOn(effects, { invokedUs, completedUs: nowUs + afterUs });
    });
  });
}

/** The same with something changed, most of them impossible: an order swapped at one object, an operation put off, or a value altered. */
export function alteredHistory(maxLength: number): fc.Arbitrary<readonly TestOperation[]> {
  return fc
    .record({
      operations: serializableHistory(maxLength),
      change: fc.constantFrom(swappedAtAnObject, swappedAtAnObject, putOff, alteredAtAnObject),
      one: fc.nat(),
      other: fc.nat(),
    })
    .map(({ operations, change, one, other }) => change(operations, one, other));
}

function operationOn(
  effects: readonly TestObject[],
  times: Pick<TestOperation, 'invokedUs' | 'completedUs'>,
): TestOperation {
  const [first, ...others] = effects;
  return { ...times, ...first, others };
}

type Change = (operations: readonly TestOperation[], one: number, other: number) => readonly TestOperation[];

/** Two operations that did the same to an object, one right after the other, trade their values there. */
const swappedAtAnObject: Change = (operations, one, other) => {
  const all = operations.flatMap((operation, index) => {
    if (operation.completedUs === undefined) return [];
    return effectsOf(operation).map((effect) => ({ ...effect, index }));
  });
  const a = all[one % all.length];
  const alike = all.filter(
    ({ object, read, value = 0 }) => object === a?.object && read === a.read && Math.abs(value - (a.value ?? 0)) === 1,
  );
  const b = alike[other % alike.length];
  if (a === undefined || b === undefined) return operations;
  const swapped = withValueAt(operations, a.index, a.object, b.value);
  return withValueAt(swapped, b.index, b.object, a.value);
};

const alteredAtAnObject: Change = (operations, one, other) => {
  const index = one % operations.length;
  const effects = effectsOf(operations[index] ?? { invokedUs: 0 });
  const effect = effects[other % effects.length];
  if (effect?.value === undefined) return operations;
  return withValueAt(operations, index, effect.object, effect.value + (other % 2 === 0 ? 1 : -1));
};

const putOff: Change = (operations, one, other) => {
  const byUs = 20 + (other % 80);
  return operations.map((operation, index) => {
    if (index !== one % operations.length) return operation;
    const { invokedUs, completedUs } = operation;
    return {
      ...operation,
      invokedUs: invokedUs + byUs,
      ...(completedUs !== undefined && { completedUs: completedUs + byUs }),
    };
  });
};

function withValueAt(
  operations: readonly TestOperation[],
  index: number,
  object: number,
  value: number | undefined,
): readonly TestOperation[] {
  return operations.map((operation, at) => {
    if (at !== index) return operation;
    const effects = effectsOf(operation).map((effect) => ({
      ...effect,
      value: (effect.object === object ? value : effect.value) ?? Number.NaN,
    }));
    return operationOn(
      effects,
      operation.completedUs === undefined
        ? { invokedUs: operation.invokedUs }
        : { invokedUs: operation.invokedUs, completedUs: operation.completedUs },
    );
  });
}

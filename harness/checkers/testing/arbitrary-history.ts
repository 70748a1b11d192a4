import fc from 'fast-check';
import type { TestOperation } from './histories.ts';

/** How one operation of a simulated counter goes; times in µs. */
interface Step {
  readonly query: boolean;
  /** Time between this operation's effect and the one before. */
  readonly gapUs: number;
  readonly beforeUs: number;
  readonly afterUs: number;
  readonly lost: boolean;
}

const step: fc.Arbitrary<Step> = fc.record({
  query: fc.boolean(),
  gapUs: fc.integer({ min: 0, max: 20 }),
  beforeUs: fc.integer({ min: 0, max: 60 }),
  afterUs: fc.integer({ min: 0, max: 60 }),
  lost: fc.integer({ min: 0, max: 9 }).map((number) => number === 0),
});

/** Histories of one counter that took effect at one instant each, some without a known outcome: linearizable by construction. */
export function linearizableHistory(maxLength: number): fc.Arbitrary<readonly TestOperation[]> {
  return fc.array(step, { minLength: 1, maxLength }).map((steps) => {
    let nowUs = 100;
    let counter = 0;
    return steps.map((each): TestOperation => {
      nowUs += each.gapUs;
      if (!each.query) counter++;
      const invokedUs = nowUs - each.beforeUs;
      if (each.lost) return { invokedUs, query: each.query };
      return { invokedUs, completedUs: nowUs + each.afterUs, value: counter, query: each.query };
    });
  });
}

/** Small histories of any kind, most of them impossible. */
export const anyHistory: fc.Arbitrary<readonly TestOperation[]> = fc.array(
  fc
    .record({
      invokedUs: fc.integer({ min: 0, max: 12 }),
      spanUs: fc.integer({ min: 0, max: 8 }),
      value: fc.integer({ min: 0, max: 5 }),
      query: fc.boolean(),
      lost: fc.integer({ min: 0, max: 4 }).map((number) => number === 0),
    })
    .map(({ invokedUs, spanUs, value, query, lost }): TestOperation => {
      if (lost) return { invokedUs, query };
      return { invokedUs, completedUs: invokedUs + spanUs, value, query };
    }),
  { minLength: 1, maxLength: 6 },
);

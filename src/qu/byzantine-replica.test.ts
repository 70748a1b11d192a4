import { describe, expect, test } from 'vitest';
import { PERFECT_NETWORK } from '../../harness/conformance/testing/simulation.ts';
import { qu } from './protocol.ts';
import { historyLies, incrementsAmongLiars, OPERATIONS } from './testing/lying-replicas.ts';

describe.each([1, 2])('b = %i: an object goes on, each increment once, although b replicas send', (faults) => {
  test.each(historyLies)('%s', (_, lies) => {
    const { values } = incrementsAmongLiars(qu, lies, faults, PERFECT_NETWORK);
    expect(values).toEqual(Array.from({ length: OPERATIONS }, (_, index) => index + 1));
  });
});

import { describe } from 'vitest';
import { registerable } from '../../src/kernel/erased-protocol.ts';
import { rcw } from '../../src/rcw/protocol.ts';
import { type SwitchCase, testSwitch } from './testing/switch-tests.ts';

/** The switches that Read/Conditional-Write shares with Q/U take effect in it, too, and none of them is what makes it right. */
const TRIALS: Readonly<Record<number, number>> = { 1: 40 };
const TIMEOUT_MS = 120_000;

const INLINE = ['rcw.operation.inlineMethod', 'rcw.operation.inlineBarrier'];

const cases: readonly SwitchCase[] = [
  { name: 'inline repair off', options: { inlineRepair: false }, shows: ['rcw.operation.copy'], hides: INLINE },
  { name: 'preferred quorum off', options: { preferredQuorum: false }, shows: ['rcw.sync.completed'] },
  { name: 'pruning off', options: { pruning: false, mostUnpruned: 4 } },
  { name: 'no back-off', options: { backoff: 'none' }, hides: ['client.backoffs'] },
  {
    name: 'all of them off, writing from the cache',
    options: { inlineRepair: false, preferredQuorum: false, pruning: false, writeFromCache: true },
    hides: INLINE,
  },
];

const registered = registerable(rcw);

describe.each(cases)('Read/Conditional-Write, $name', (each) => {
  testSwitch(registered, each, TRIALS, TIMEOUT_MS);
});

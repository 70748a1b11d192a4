import { describe, expect, test } from 'vitest';
import { PERFECT_NETWORK } from '../../harness/conformance/testing/simulation.ts';
import {
  historyLies,
  incrementsAmongLiars,
  type Lies,
  OPERATIONS,
  retagged,
  retaggedSync,
} from '../qu/testing/lying-replicas.ts';
import { rcw } from './protocol.ts';
import { decodeValue, encodeValue } from './value.ts';

const EACH_ONCE = Array.from({ length: OPERATIONS }, (_, index) => index + 1);
/** What is lost makes clients ask all replicas, and those beyond the preferred quorum fetch versions. */
const LOSSY = { ...PERFECT_NETWORK, loss: 0.05 };

/** The value with another state. */
function forged(bytes: Uint8Array): Uint8Array {
  const value = decodeValue(bytes);
  if (value === undefined) return bytes;
  const state = Uint8Array.from(value.state, (byte) => byte ^ 1);
  return encodeValue({ state, applied: value.applied });
}

const valueLies: readonly [string, Lies][] = [
  [
    'another value under the right timestamp, to whoever reads',
    {
      reply: (reply, to, authentication) => retagged({ ...reply, result: forged(reply.result) }, to, authentication),
    },
  ],
  [
    'no value',
    {
      reply: (reply, to, authentication) => retagged({ ...reply, result: Uint8Array.of(0x91, 1) }, to, authentication),
    },
  ],
  [
    'that all is accepted that they refuse, and the other way round',
    { reply: (reply, to, authentication) => retagged({ ...reply, accepted: !reply.accepted }, to, authentication) },
  ],
];

describe.each([1, 2])('b = %i: an object goes on, each increment once, although b replicas send', (faults) => {
  test.each([...historyLies, ...valueLies])('%s', (_, lies) => {
    expect(incrementsAmongLiars(rcw, lies, faults, PERFECT_NETWORK).values).toEqual(EACH_ONCE);
  });

  test('another version to replicas that miss it: they see it by its digest', () => {
    const lies: Lies = {
      syncReply: (reply, to, authentication) =>
        retaggedSync({ ...reply, version: forged(reply.version) }, to, authentication),
    };
    const { values, counters } = incrementsAmongLiars(rcw, lies, faults, LOSSY);
    expect(values).toEqual(EACH_ONCE);
    expect(counters).toContain('ignored.unprovenVersion');
    expect(counters).toContain('rcw.sync.completed');
  });
});

import { expect, test } from 'vitest';
import { FIRST_CLIENT } from '../kernel/identifiers.ts';
import { counterService, counterValue } from '../services/counter.ts';
import { sampleOperation } from '../services/testing/sample-operation.ts';
import { apply, decodeVersion, encodeVersion, initialVersion, type Version } from './version.ts';

const service = counterService.create({});

function increment(version: Version, client: number, number: number): Version {
  const operation = sampleOperation(service, 'update', 'a');
  return apply(service, version, { client: FIRST_CLIENT + client, number, operation });
}

test('an operation that comes again is answered with its stored result and changes nothing', () => {
  const first = increment(initialVersion(service, 'a'), 0, 1);
  const second = increment(first, 1, 1);
  const again = increment(second, 0, 1);
  expect(counterValue(second.state)).toBe(2);
  expect(counterValue(again.state)).toBe(2);
  expect(counterValue(again.result)).toBe(1);
});

test("a number below the client's last one is not executed", () => {
  const version = increment(increment(initialVersion(service, 'a'), 0, 1), 0, 2);
  const leftover = increment(version, 0, 1);
  expect(counterValue(leftover.state)).toBe(2);
  expect(leftover.result).toHaveLength(0);
});

test('an operation whose version was given up is executed on the line that survived', () => {
  const base = increment(initialVersion(service, 'a'), 1, 1);
  increment(base, 0, 1);
  expect(counterValue(increment(base, 0, 1).state)).toBe(2);
});

test('versions survive their encoding, and equal versions have equal bytes in whatever order clients came', () => {
  const initial = initialVersion(service, 'a');
  const one = increment(increment(increment(initial, 0, 1), 1, 1), 2, 1);
  expect(decodeVersion(encodeVersion(one))).toEqual(one);
  expect(one.applied.map(({ client }) => client)).toEqual([FIRST_CLIENT, FIRST_CLIENT + 1, FIRST_CLIENT + 2]);
  expect(decodeVersion(new Uint8Array([0x93, 1, 2, 3]))).toBeUndefined();
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FIRST_CLIENT } from '../kernel/identifiers.ts';
import { hmacSha256 } from './hmac-sha256.ts';
import { modelledAs } from './modelled.ts';
import { availableSuites } from './suites.ts';
import { hex } from './testing/bytes.ts';

const modelled = modelledAs(hmacSha256);
const SECRET = new TextEncoder().encode('qu-bench modelled 1');

test.each(availableSuites())('a model of $name has its name and lengths', (suite) => {
  const { name, tagBytes, keyBytes } = modelledAs(suite);
  expect({ name, tagBytes, keyBytes }).toEqual({
    name: suite.name,
    tagBytes: suite.tagBytes,
    keyBytes: suite.keyBytes,
  });
});

/** Inputs as protocols have them: alike but for a counter, a bit or their length. */
function* similarInputs(): Generator<Uint8Array> {
  for (const length of [0, 1, 2, 3, 4, 5, 8, 31, 32, 49, 96, 300]) yield new Uint8Array(length);
  for (const length of [8, 49]) {
    for (let first = 0; first < 8 * length; first++) {
      for (let second = first; second < 8 * length; second++) {
        const bytes = new Uint8Array(length);
        bytes[first >> 3] = 1 << (first & 7);
        bytes[second >> 3] = (bytes[second >> 3] ?? 0) | (1 << (second & 7));
        yield bytes;
      }
    }
  }
  for (let count = 1; count < 20_000; count++) {
    const bytes = new Uint8Array(49);
    new DataView(bytes.buffer).setFloat64(9, count + 0.5);
    yield bytes;
  }
}

test('similar inputs have different digests', () => {
  const inputs = new Set<string>();
  const digests = new Set<string>();
  for (const input of similarInputs()) {
    inputs.add(hex(input));
    digests.add(hex(modelled.digest(input)));
  }
  expect(inputs.size).toBeGreaterThan(90_000);
  expect(digests.size).toBe(inputs.size);
});

test('any two inputs have different digests', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 70 }), fc.uint8Array({ maxLength: 70 }), (a, b) => {
      expect(hex(modelled.digest(a)) === hex(modelled.digest(b))).toBe(hex(a) === hex(b));
    }),
  );
});

test('every pair and direction has tags of its own', () => {
  const participants = [0, 1, 2, 3, 150, FIRST_CLIENT, FIRST_CLIENT + 1, FIRST_CLIENT + 5_000, 0xffff_ffff];
  const message = new Uint8Array(49);
  const made = new Set<string>();
  for (const from of participants) {
    for (const to of participants) {
      const tags = new Uint8Array(modelled.tagBytes);
      modelled.peerMacs?.(SECRET, from).generate(to, message, tags, 0);
      made.add(hex(tags));
    }
  }
  expect(made.size).toBe(participants.length ** 2);
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ReceivingInterfaces } from './receiving-interfaces.ts';

/** The same, slowly: time in whole µs, each of which serves one message; one takes the first that are free since it began. */
class TakenMicroseconds {
  readonly #taken = new Set<number>();

  receive(wireUs: number, atUs: number): number {
    let remaining = wireUs;
    let slot = atUs - wireUs;
    while (remaining > 0) {
      if (!this.#taken.has(slot)) {
        this.#taken.add(slot);
        remaining--;
      }
      slot++;
    }
    return Math.max(atUs, slot);
  }
}

const arrivals = (longestUs: number, mostGapUs: number) =>
  fc.array(fc.record({ wireUs: fc.integer({ min: 1, max: longestUs }), gapUs: fc.nat(mostGapUs) }), { maxLength: 200 });

test.each([
  ['sparse', 8, 12],
  ['crowded', 8, 6],
  ['more than can be taken in', 8, 3],
])('%s arrivals are received as by an interface that serves one at a time', (_, longestUs, mostGapUs) => {
  fc.assert(
    fc.property(arrivals(longestUs, mostGapUs), (sequence) => {
      const interfaces = new ReceivingInterfaces(2);
      const reference = new TakenMicroseconds();
      let atUs = longestUs;
      for (const { wireUs, gapUs } of sequence) {
        atUs += gapUs;
        expect(interfaces.receive(1, wireUs, atUs)).toBe(reference.receive(wireUs, atUs));
      }
    }),
  );
});

test('a message that spans more busy times than are remembered is received too early by what is forgotten', () => {
  const interfaces = new ReceivingInterfaces(1);
  for (let index = 1; index <= 20; index++) interfaces.receive(0, 1, 10 * index);
  expect(interfaces.receive(0, 200, 200)).toBe(200 + 8);
});

test('nodes have interfaces of their own', () => {
  const interfaces = new ReceivingInterfaces(2);
  expect([interfaces.receive(0, 5, 10), interfaces.receive(1, 5, 10), interfaces.receive(0, 5, 10)]).toEqual([
    10, 10, 15,
  ]);
});

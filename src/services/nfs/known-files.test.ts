import fc from 'fast-check';
import { expect, test } from 'vitest';
import { KnownFiles } from './known-files.ts';

const NAMES = 6;

test('draws taken names and free names, each alike, and knows what the taken mean', () => {
  const step = fc.record({ name: fc.nat(NAMES - 1), take: fc.boolean(), generation: fc.nat() });
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const files = new KnownFiles(NAMES);
      const expected = new Map<number, number>();
      for (const { name, take, generation } of steps) {
        if (take) files.take(name, { object: 'o', generation });
        else files.release(name);
        if (take) expected.set(name, generation);
        else expected.delete(name);
      }
      expect([files.taken, files.free]).toEqual([expected.size, NAMES - expected.size]);
      const drawn = (count: number, draw: (random: number) => number) =>
        Array.from({ length: count }, (_, index) => draw((index + 0.5) / count)).sort();
      expect(drawn(files.taken, (random) => files.drawTaken(random))).toEqual([...expected.keys()].sort());
      const free = Array.from({ length: NAMES }, (_, name) => name).filter((name) => !expected.has(name));
      expect(drawn(files.free, (random) => files.drawFree(random))).toEqual(free);
      for (let name = 0; name < NAMES; name++) expect(files.handleOf(name)?.generation).toBe(expected.get(name));
    }),
  );
});

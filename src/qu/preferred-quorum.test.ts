import { describe, expect, test } from 'vitest';
import { chooseQuorum, drawQuorum } from './preferred-quorum.ts';

const nobody = () => false;

describe('preferred quorum', () => {
  test('is the same for everybody who asks about an object', () => {
    expect(chooseQuorum('object-17', 6, 5, nobody)).toEqual(chooseQuorum('object-17', 6, 5, nobody));
    expect(new Set(chooseQuorum('object-17', 6, 5, nobody)).size).toBe(5);
  });

  test('passes over the suspected, unless too few others are left', () => {
    const preferred = chooseQuorum('object-17', 6, 5, nobody);
    const [suspect] = preferred;
    expect(chooseQuorum('object-17', 6, 5, (replica) => replica === suspect)).not.toContain(suspect);
    expect(chooseQuorum('object-17', 6, 5, () => true)).toHaveLength(5);
  });

  test('objects with names in a row spread over all replicas', () => {
    const load = new Array<number>(11).fill(0);
    for (let object = 0; object < 1100; object++) {
      for (const replica of chooseQuorum(`object-${object}`, 11, 9, nobody)) load[replica] = (load[replica] ?? 0) + 1;
    }
    for (const share of load) expect(share).toBeGreaterThan(800);
  });
});

describe('drawn quorum', () => {
  let state = 1;
  const random = () => {
    state = (state * 16_807) % 2_147_483_647;
    return state / 2_147_483_647;
  };

  test('holds different replicas, and each of them about equally often', () => {
    const load = new Array<number>(6).fill(0);
    for (let count = 0; count < 1200; count++) {
      const drawn = drawQuorum(6, 5, nobody, random);
      expect(new Set(drawn).size).toBe(5);
      for (const replica of drawn) load[replica] = (load[replica] ?? 0) + 1;
    }
    for (const share of load) expect(Math.abs(share - 1000)).toBeLessThan(60);
  });

  test('passes over the suspected, unless too few others are left', () => {
    expect(drawQuorum(6, 5, (replica) => replica === 3, random)).not.toContain(3);
    expect(drawQuorum(6, 5, () => true, random)).toHaveLength(5);
  });
});

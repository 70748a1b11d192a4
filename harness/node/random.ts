import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** A deterministic stream of numbers in [0, 1). */
export type RandomStream = () => number;

/** One stream out of a run's seed; different streams of one seed are unrelated. */
export function randomStream(seed: number, stream: number): RandomStream {
  // SplitMix-style finaliser: neighbouring stream numbers must not give neighbouring generator states.
  let state = (Math.imul(seed | 0, 0x9e3779b1) ^ Math.imul((stream | 0) + 1, 0x85ebca6b)) | 0;
  state = Math.imul(state ^ (state >>> 16), 0x7feb352d);
  state = Math.imul(state ^ (state >>> 15), 0x846ca68b);
  const generator = xoroshiro128plus((state ^ (state >>> 16)) | 0);
  return () => (generator.next() >>> 0) / 2 ** 32;
}

/** The items in an order drawn from the stream (Fisher and Yates). */
export function shuffled<Item>(items: readonly Item[], random: RandomStream): readonly Item[] {
  const order = [...items];
  for (let last = order.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    const a = order[last];
    const b = order[other];
    if (a === undefined || b === undefined) continue;
    order[last] = b;
    order[other] = a;
  }
  return order;
}

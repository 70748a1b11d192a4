/** Draws numbers of keys, 0 … keys − 1, each with its probability. */
export type KeyChoice = (random: () => number) => number;

export function uniformKeys(keys: number): KeyChoice {
  return (random) => Math.floor(random() * keys);
}

/**
 * Key k, counted from 0, with a probability in proportion to 1 ÷ (k + 1)^exponent. Drawn by looking up the cumulative distribution, which is
 * exact for every exponent, where the usual generator of key-value benchmarks approximates it and needs exponents below 1.
 */
export function zipfianKeys(keys: number, exponent: number): KeyChoice {
  const cumulative = new Float64Array(keys);
  let sum = 0;
  for (let key = 0; key < keys; key++) {
    sum += (key + 1) ** -exponent;
    cumulative[key] = sum;
  }
  return (random) => {
    const drawn = random() * sum;
    let [low, high] = [0, keys - 1];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((cumulative[middle] ?? 0) > drawn) high = middle;
      else low = middle + 1;
    }
    return low;
  };
}

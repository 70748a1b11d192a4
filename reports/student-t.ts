/**
 * Student's t distribution with an integer number of degrees of freedom: the finite series of Abramowitz & Stegun,
 * Handbook of Mathematical Functions, 26.7.3 (odd) and 26.7.4 (even).
 */
export function studentTWithin(t: number, degrees: number): number {
  checkDegrees(degrees);
  const angle = Math.atan(t / Math.sqrt(degrees));
  const cosineSquared = Math.cos(angle) ** 2;
  const odd = degrees % 2 === 1;
  // P(|T| ≤ t): even, sin θ · (1 + ½cos²θ + …); odd, 2/π · (θ + sin θ cos θ · (1 + ⅔cos²θ + …)).
  let term = 1;
  let sum = degrees > 1 ? 1 : 0;
  for (let index = odd ? 2 : 1; index <= degrees - 3 + (odd ? 0 : 1); index += 2) {
    term *= (cosineSquared * index) / (index + 1);
    sum += term;
  }
  if (!odd) return Math.sin(angle) * sum;
  return (2 / Math.PI) * (angle + Math.sin(angle) * Math.cos(angle) * sum);
}

/** The t below which the share `p` of the distribution lies, 0.5 ≤ p < 1. */
export function studentTQuantile(p: number, degrees: number): number {
  if (!(p >= 0.5 && p < 1)) throw new RangeError(`p must be in [0.5, 1), not ${p}`);
  const within = 2 * p - 1;
  let low = 0;
  let high = 1;
  while (studentTWithin(high, degrees) < within) high *= 2;
  // 200 halvings reach the last bit from any bracket; the loop ends when the bracket no longer shrinks.
  for (let step = 0; step < 200; step++) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) break;
    if (studentTWithin(middle, degrees) < within) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

function checkDegrees(degrees: number): void {
  if (!Number.isInteger(degrees) || degrees < 1)
    throw new RangeError(`degrees of freedom must be 1, 2, …, not ${degrees}`);
}

import { fourDigits } from './measured-cost.ts';

/** A result with all its times multiplied, as at another speed of the machine: of the numbers, those whose names say that they are µs. */
export function timesBy<Result>(factor: number, result: Result): Result {
  return scaled(factor, result, '') as Result;
}

function scaled(factor: number, value: unknown, name: string): unknown {
  if (typeof value === 'number') return isTime(name) ? fourDigits(factor * value) : value;
  if (Array.isArray(value)) return value.map((part) => scaled(factor, part, name));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, scaled(factor, part, key)]));
}

function isTime(name: string): boolean {
  return name === 'us' || name.endsWith('Us') || /^usPer[A-Z]/.test(name);
}

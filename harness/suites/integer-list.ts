import { z } from 'zod';

/** Longest list that a range may stand for: a typing error must not ask for a million points. */
const MOST_ENTRIES = 100;

/**
 * Whole numbers as people write them: `3`, `[1, 2, 5]`, `1..3`, `1,2,5`, `1..3,5`. Read as a list in rising order, each once.
 */
export function integerList(what: string, least: number, most: number) {
  return z.unknown().transform((input, context): readonly number[] => {
    const numbers = expand(input);
    const problem = typeof numbers === 'string' ? numbers : outOfRange(numbers, what, least, most);
    if (problem !== undefined || typeof numbers === 'string') {
      context.addIssue({ code: 'custom', message: problem ?? '' });
      return z.NEVER;
    }
    return [...new Set(numbers)].sort((a, b) => a - b);
  });
}

function outOfRange(numbers: readonly number[], what: string, least: number, most: number): string | undefined {
  if (numbers.length === 0) return `names no ${what}`;
  const bad = numbers.find((number) => number < least || number > most);
  return bad === undefined ? undefined : `${bad} is outside the range of ${what}, ${least} to ${most}`;
}

/** The numbers, or what is wrong with the input. */
function expand(input: unknown): readonly number[] | string {
  if (typeof input === 'number') {
    return Number.isSafeInteger(input) ? [input] : `${input} is not a whole number`;
  }
  if (Array.isArray(input)) return expandAll(input);
  if (typeof input === 'string') return expandAll(input.split(',').map((part) => part.trim()));
  return 'expected a whole number, a list such as [1, 2, 5], or a range such as 1..3';
}

function expandAll(parts: readonly unknown[]): readonly number[] | string {
  const numbers: number[] = [];
  for (const part of parts) {
    const expanded =
      typeof part === 'string' ? expandText(part) : Array.isArray(part) ? 'lists do not nest' : expand(part);
    if (typeof expanded === 'string') return expanded;
    numbers.push(...expanded);
  }
  return numbers;
}

function expandText(text: string): readonly number[] | string {
  const match = /^(-?\d+)(?:\.\.(-?\d+))?$/.exec(text);
  if (match === null) return `'${text}' is neither a whole number nor a range such as 1..3`;
  const first = Number(match[1]);
  const last = match[2] === undefined ? first : Number(match[2]);
  if (last < first) return `the range ${text} runs backwards`;
  if (last - first >= MOST_ENTRIES) return `the range ${text} holds more than ${MOST_ENTRIES} numbers`;
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

import type { Microseconds } from '../../src/kernel/time.ts';
import { at, type OperationLog } from './operation-log.ts';

/**
 * What is wrong with one counter's operations, or undefined. `startUs` is where the message's times count from.
 * An increment of unknown outcome may have happened at any time after its invocation, or never; a fetch of unknown outcome says nothing.
 */
export function checkCounterObject(
  log: OperationLog,
  operations: readonly number[],
  startUs: Microseconds,
): string | undefined {
  const placed: number[] = [];
  const unknownIncrements: number[] = [];
  for (const operation of operations) {
    if (!Number.isNaN(at(log.completedUs, operation))) placed.push(operation);
    else if (at(log.query, operation) === 0) unknownIncrements.push(operation);
  }
  const describe = (operation: number) => describeOperation(log, operation, startUs);
  const stray = placed.find((operation) => !isCounterValue(log, operation));
  if (stray !== undefined) return `${describe(stray)} returned what is no value of a counter`;

  placed.sort((a, b) => place(log, a) - place(log, b) || at(log.invokedUs, a) - at(log.invokedUs, b));
  return (
    duplicateValue(log, placed, describe) ??
    realTimeInversion(log, placed, describe) ??
    missingValue(log, placed, unknownIncrements, describe)
  );
}

function isCounterValue(log: OperationLog, operation: number): boolean {
  const value = at(log.value, operation);
  return Number.isSafeInteger(value) && value >= (at(log.query, operation) === 0 ? 1 : 0);
}

/** Increment v stands at 2v, fetches of v at 2v + 1. */
function place(log: OperationLog, operation: number): number {
  return 2 * at(log.value, operation) + at(log.query, operation);
}

type Describe = (operation: number) => string;

function duplicateValue(log: OperationLog, placed: readonly number[], describe: Describe): string | undefined {
  let previous: number | undefined;
  for (const operation of placed) {
    if (at(log.query, operation) !== 0) continue;
    if (previous !== undefined && at(log.value, previous) === at(log.value, operation)) {
      return `value ${at(log.value, operation)} was returned twice: by ${describe(previous)} and by ${describe(operation)}`;
    }
    previous = operation;
  }
  return undefined;
}

/** From the highest place down: an operation may not begin after one of a higher place has ended. Reports the lowest such pair. */
function realTimeInversion(log: OperationLog, placed: readonly number[], describe: Describe): string | undefined {
  let earliest: number | undefined;
  let pair: readonly [number, number] | undefined;
  for (let index = placed.length - 1; index >= 0; ) {
    const samePlace = placesEqual(log, placed, index);
    for (const operation of samePlace) {
      if (earliest !== undefined && at(log.completedUs, earliest) < at(log.invokedUs, operation)) {
        pair = [operation, earliest];
      }
    }
    for (const operation of samePlace) {
      if (earliest === undefined || at(log.completedUs, operation) < at(log.completedUs, earliest))
        earliest = operation;
    }
    index -= samePlace.length;
  }
  if (pair === undefined) return undefined;
  return `${describe(pair[0])} began after ${describe(pair[1])} had ended, yet returned the older value`;
}

/** The operations that share the place of the one at `last`, which is the last of them. Only fetches share a place. */
function placesEqual(log: OperationLog, placed: readonly number[], last: number): readonly number[] {
  const end = placed[last];
  if (end === undefined) return [];
  let first = last;
  for (; first > 0; first--) {
    const before = placed[first - 1];
    if (before === undefined || place(log, before) !== place(log, end)) break;
  }
  return placed.slice(first, last + 1);
}

/**
 * A value that nobody returned must be that of an increment of unknown outcome, invoked before any operation of a higher place had ended. The
 * deadlines rise with the values, so that giving the earliest unknown increment to the lowest value finds an assignment if there is one.
 */
function missingValue(
  log: OperationLog,
  placed: readonly number[],
  unknownIncrements: readonly number[],
  describe: Describe,
): string | undefined {
  const deadlines = earliestEndFrom(log, placed);
  const unknown = [...unknownIncrements].sort((a, b) => at(log.invokedUs, a) - at(log.invokedUs, b));
  let used = 0;
  let expected = 1;
  for (const [index, operation] of placed.entries()) {
    const isIncrement = at(log.query, operation) === 0;
    const upTo = at(log.value, operation) + (isIncrement ? 0 : 1);
    for (; expected < upTo; expected++, used++) {
      const filler = unknown[used];
      if (filler === undefined || at(log.invokedUs, filler) > at(deadlines, index)) {
        return `value ${expected} is missing: an increment was lost or made up before ${describe(operation)}`;
      }
    }
    if (isIncrement) expected++;
  }
  return undefined;
}

/** For each index the earliest end at or after it. */
function earliestEndFrom(log: OperationLog, placed: readonly number[]): Float64Array {
  const earliest = new Float64Array(placed.length);
  let least = Number.POSITIVE_INFINITY;
  for (let index = placed.length - 1; index >= 0; index--) {
    least = Math.min(least, at(log.completedUs, placed[index] ?? -1));
    earliest[index] = least;
  }
  return earliest;
}

function describeOperation(log: OperationLog, operation: number, startUs: Microseconds): string {
  const name = at(log.query, operation) === 0 ? 'increment' : 'fetch';
  const from = millisecondsText(at(log.invokedUs, operation) - startUs);
  const to = millisecondsText(at(log.completedUs, operation) - startUs);
  return `${name} = ${at(log.value, operation)} of client ${at(log.client, operation)} (${from} to ${to} ms)`;
}

function millisecondsText(us: Microseconds): string {
  return (us / 1_000).toFixed(3);
}

import type { Microseconds } from '../../src/kernel/time.ts';
import { at, type OperationLog } from './operation-log.ts';

/** How a service's users call what changes an object and what does not. */
export interface Words {
  readonly write: string;
  readonly read: string;
  /** What an operation's value is a value of. */
  readonly value: string;
}

/**
 * What is wrong with one object's operations, or undefined. Every write's value is its place among the object's writes, a read's that of the
 * write before it. `startUs` is where the message's times count from. A write of unknown outcome may have happened at any time after its
 * invocation, or never; a read of unknown outcome says nothing.
 */
export function checkWriteOrder(
  log: OperationLog,
  operations: readonly number[],
  startUs: Microseconds,
  words: Words,
): string | undefined {
  const placed: number[] = [];
  const unknownWrites: number[] = [];
  for (const operation of operations) {
    if (!Number.isNaN(at(log.completedUs, operation))) placed.push(operation);
    else if (at(log.read, operation) === 0) unknownWrites.push(operation);
  }
  const describe = (operation: number) => describeOperation(log, operation, startUs, words);
  const stray = placed.find((operation) => !isPlace(log, operation));
  if (stray !== undefined) return `${describe(stray)} returned what is no value of ${words.value}`;

  placed.sort((a, b) => place(log, a) - place(log, b) || at(log.invokedUs, a) - at(log.invokedUs, b));
  return (
    duplicateValue(log, placed, describe) ??
    realTimeInversion(log, placed, describe) ??
    missingValue(log, placed, unknownWrites, describe)
  );
}

function isPlace(log: OperationLog, operation: number): boolean {
  const value = at(log.value, operation);
  return Number.isSafeInteger(value) && value >= (at(log.read, operation) === 0 ? 1 : 0);
}

/** Write v stands at 2v, reads of v at 2v + 1. */
export function place(log: OperationLog, operation: number): number {
  return 2 * at(log.value, operation) + at(log.read, operation);
}

type Describe = (operation: number) => string;

function duplicateValue(log: OperationLog, placed: readonly number[], describe: Describe): string | undefined {
  let previous: number | undefined;
  for (const operation of placed) {
    if (at(log.read, operation) !== 0) continue;
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

/** The operations that share the place of the one at `last`, which is the last of them. Only reads share a place. */
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
 * A value that nobody returned must be that of a write of unknown outcome, invoked before any operation of a higher place had ended. The
 * deadlines rise with the values, so that giving the earliest unknown write to the lowest value finds an assignment if there is one.
 */
function missingValue(
  log: OperationLog,
  placed: readonly number[],
  unknownWrites: readonly number[],
  describe: Describe,
): string | undefined {
  const deadlines = earliestEndFrom(log, placed);
  const unknown = [...unknownWrites].sort((a, b) => at(log.invokedUs, a) - at(log.invokedUs, b));
  let used = 0;
  let expected = 1;
  for (const [index, operation] of placed.entries()) {
    const isWrite = at(log.read, operation) === 0;
    const upTo = at(log.value, operation) + (isWrite ? 0 : 1);
    for (; expected < upTo; expected++, used++) {
      const filler = unknown[used];
      if (filler === undefined || at(log.invokedUs, filler) > at(deadlines, index)) {
        return `value ${expected} is missing: a write was lost or made up before ${describe(operation)}`;
      }
    }
    if (isWrite) expected++;
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

export function describeOperation(log: OperationLog, operation: number, startUs: Microseconds, words: Words): string {
  const name = at(log.read, operation) === 0 ? words.write : words.read;
  const value = at(log.value, operation);
  return `${name} = ${value} of client ${at(log.client, operation)} (${spanText(log, operation, startUs)})`;
}

/** `0.250 to 1.000 ms` */
export function spanText(log: OperationLog, operation: number, startUs: Microseconds): string {
  const from = millisecondsText(at(log.invokedUs, operation) - startUs);
  const completedUs = at(log.completedUs, operation);
  if (Number.isNaN(completedUs)) return `from ${from} ms, outcome unknown`;
  return `${from} to ${millisecondsText(completedUs - startUs)} ms`;
}

function millisecondsText(us: Microseconds): string {
  return (us / 1_000).toFixed(3);
}

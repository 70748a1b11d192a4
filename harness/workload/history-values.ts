import { counterValue } from '../../src/services/counter.ts';

/** Reads off a result the number that a history check works on; NaN if the result is none. */
export type HistoryValue = (result: Uint8Array) => number;

const historyValues: ReadonlyMap<string, HistoryValue> = new Map([
  ['counter', (result: Uint8Array) => counterValue(result) ?? Number.NaN],
]);

/** Services without a model of their own have no values in their histories. */
export function historyValueOf(service: string): HistoryValue {
  return historyValues.get(service) ?? (() => Number.NaN);
}

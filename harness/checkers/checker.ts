import type { DriverHistory } from '../workload/history.ts';

/** What a check found. `unknown` never passes for `ok`. */
export type CheckOutcome =
  | { readonly outcome: 'ok'; readonly operations: number }
  | { readonly outcome: 'violation'; readonly operations: number; readonly reason: string }
  | { readonly outcome: 'unknown'; readonly operations: number; readonly reason: string };

/** Decides whether a service could have answered as a history says it did. */
export interface HistoryChecker {
  /** One line for people: what is checked. */
  readonly summary: string;
  check(histories: readonly DriverHistory[]): CheckOutcome;
}

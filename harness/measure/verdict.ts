import type { CheckOutcome } from '../checkers/checker.ts';
import type { Verdict } from '../results/columns.ts';
import type { Steadiness } from './steadiness.ts';

/** What decides whether a measurement counts. */
export interface Evidence {
  readonly check: CheckOutcome;
  /** Operations that ended in the window. */
  readonly operations: number;
  /** Operations without an outcome after the load had stopped and the time of grace was over. */
  readonly incomplete: number;
  /** Clients of which no operation ended in the window. */
  readonly starvedClients: number;
  readonly graceSeconds: number;
  readonly steadiness: Steadiness;
  /** Windows that were taken and thrown away before, because they were not steady. */
  readonly discardedWindows: number;
  /** CPU share of the busiest driver. */
  readonly clientCpuShare: number | undefined;
  /** Requests that were sent again for want of answers, for each operation; undefined where no operation ended. */
  readonly retriesPerOperation: number | undefined;
  /** Operations that the clients keep under way at a time. */
  readonly operationsUnderWay: number;
  /** Counts that a closed form exists for. */
  readonly counts: readonly CountedAgainstForm[];
  readonly firstCause: string;
}

/** A count per operation and what the protocol's closed form says of it. */
export interface CountedAgainstForm {
  readonly what: string;
  readonly counted: number | undefined;
  readonly form: number | undefined;
}

export interface Judgement {
  readonly verdict: Verdict;
  /** Why it is not valid; on a valid row a warning, or empty. */
  readonly reason: string;
}

/** Above this share of a core a driver may be what limits the throughput (METHOD.md §1.4). */
export const MOST_CLIENT_CPU_SHARE = 0.8;
/** More requests sent again, for each operation, than chance explains: time-outs are many times any latency without trouble. */
const MOST_RETRIES_PER_OPERATION = 0.001;

/**
 * A count further than this from its closed form shows that not all went the way that the form describes; beyond what the operations that
 * began before the window, or ended after it, can account for.
 */
const MOST_DEVIATION = 0.02;

/** Safety first, then lost operations, then whether there was anything steady to measure. */
export function judge(evidence: Evidence): Judgement {
  const { check, operations, incomplete, steadiness, firstCause } = evidence;
  if (check.outcome === 'violation') return { verdict: 'invalid', reason: `safety broken: ${check.reason}` };
  if (operations === 0) return { verdict: 'invalid', reason: `no operation ended in the window: ${firstCause}` };
  if (incomplete > 0) {
    const reason = `${incomplete} operations had no outcome ${evidence.graceSeconds} s after the load stopped: ${firstCause}`;
    return { verdict: 'invalid', reason };
  }
  if (steadiness.kind === 'unsteady') return { verdict: 'invalid', reason: unsteadyReason(steadiness.share) };
  if (check.outcome === 'unknown') return { verdict: 'unknown', reason: check.reason };
  const warnings = [
    ...steadinessWarning(steadiness, operations),
    ...discardedWarning(evidence.discardedWindows),
    ...starvationWarning(evidence.starvedClients),
    ...saturationWarning(evidence.clientCpuShare),
    ...retryWarning(evidence.retriesPerOperation),
    ...evidence.counts.flatMap((count) => deviationWarning(count, evidence.operationsUnderWay / operations)),
  ];
  return { verdict: 'valid', reason: warnings.join('; ') };
}

function unsteadyReason(share: number | undefined): string {
  if (share === undefined) return 'never steady: in most of the window no operation ended';
  const percent = Math.round(100 * share);
  return `never steady: the slowest fifth of the window ended ${percent} % of the operations of the median fifth`;
}

function steadinessWarning(steadiness: Steadiness, operations: number): readonly string[] {
  switch (steadiness.kind) {
    case 'tooFewToTell':
      return [`warning: only ${operations} operations, too few to judge steadiness`];
    case 'rising':
      return [
        `warning: throughput still rose, by ${Math.round(100 * steadiness.rise)} % within the window; use a longer --warmup`,
      ];
    default:
      return [];
  }
}

function discardedWarning(windows: number): readonly string[] {
  if (windows === 0) return [];
  return ['warning: measured in a second window, as something disturbed the first'];
}

function starvationWarning(clients: number): readonly string[] {
  if (clients === 0) return [];
  return [`warning: of ${clients} clients no operation ended in the window: the throughput is that of the others`];
}

function saturationWarning(share: number | undefined): readonly string[] {
  if (share === undefined || share <= MOST_CLIENT_CPU_SHARE) return [];
  return [
    `warning: a client driver used ${Math.round(100 * share)} % of a core and may be the limit; use more drivers`,
  ];
}

function retryWarning(retries: number | undefined): readonly string[] {
  if (retries === undefined || retries <= MOST_RETRIES_PER_OPERATION) return [];
  return [`warning: requests timed out, ${retries.toPrecision(2)} sent again per operation: overload or loss`];
}

function deviationWarning({ what, counted, form }: CountedAgainstForm, underWayShare: number): readonly string[] {
  if (counted === undefined || form === undefined || form === 0) return [];
  const deviation = counted / form - 1;
  if (Math.abs(deviation) <= MOST_DEVIATION + underWayShare) return [];
  const percent = `${deviation > 0 ? '+' : '−'}${(100 * Math.abs(deviation)).toPrecision(2)} %`;
  const amounts = `${counted.toPrecision(4)}, closed form ${form.toPrecision(4)}`;
  return [`warning: ${what} ${percent} off the closed form (${amounts}); operation_types tells what else went on`];
}

import type { CheckOutcome } from '../checkers/checker.ts';
import type { Verdict } from '../results/columns.ts';

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
  /** Slowest fifth of the window over its median fifth. */
  readonly steadiness: number | undefined;
  /** CPU share of the busiest driver. */
  readonly clientCpuShare: number | undefined;
  /** Requests that were sent again for want of answers, for each operation; undefined where no operation ended. */
  readonly retriesPerOperation: number | undefined;
  readonly firstCause: string;
}

export interface Judgement {
  readonly verdict: Verdict;
  /** Why it is not valid; on a valid row a warning, or empty. */
  readonly reason: string;
}

/** A window with a fifth slower than this share of its median fifth was not steady. */
export const LEAST_STEADINESS = 0.5;
/** Fewer operations than this tell nothing about steadiness: chance alone makes uneven fifths. */
const LEAST_OPERATIONS_FOR_STEADINESS = 100;
/** Above this share of a core a driver may be what limits the throughput (METHOD.md §1.4). */
export const MOST_CLIENT_CPU_SHARE = 0.8;
/** More requests sent again, for each operation, than chance explains: time-outs are many times any latency without trouble. */
const MOST_RETRIES_PER_OPERATION = 0.001;

/** Safety first, then lost operations, then whether there was anything steady to measure. */
export function judge(evidence: Evidence): Judgement {
  const { check, operations, incomplete, steadiness, firstCause } = evidence;
  if (check.outcome === 'violation') return { verdict: 'invalid', reason: `safety broken: ${check.reason}` };
  if (operations === 0) return { verdict: 'invalid', reason: `no operation ended in the window: ${firstCause}` };
  if (incomplete > 0) {
    const reason = `${incomplete} operations had no outcome ${evidence.graceSeconds} s after the load stopped: ${firstCause}`;
    return { verdict: 'invalid', reason };
  }
  const judged = operations >= LEAST_OPERATIONS_FOR_STEADINESS;
  if (judged && (steadiness === undefined || steadiness < LEAST_STEADINESS)) {
    const slow = 'the slowest fifth of the window ended';
    const reason =
      steadiness === undefined
        ? 'never steady: in most of the window no operation ended'
        : `never steady: ${slow} ${Math.round(100 * steadiness)} % of the operations of the median fifth`;
    return { verdict: 'invalid', reason };
  }
  if (check.outcome === 'unknown') return { verdict: 'unknown', reason: check.reason };
  const warnings = [
    ...(judged ? [] : [`warning: only ${operations} operations, too few to judge steadiness`]),
    ...starvationWarning(evidence.starvedClients),
    ...saturationWarning(evidence.clientCpuShare),
    ...retryWarning(evidence.retriesPerOperation),
  ];
  return { verdict: 'valid', reason: warnings.join('; ') };
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

import { expect, test } from 'vitest';
import { type Evidence, judge } from './verdict.ts';

const good: Evidence = {
  check: { outcome: 'ok', operations: 1_000 },
  operations: 1_000,
  incomplete: 0,
  starvedClients: 0,
  graceSeconds: 10,
  steadiness: 0.9,
  clientCpuShare: 0.5,
  retriesPerOperation: 0,
  firstCause: 'no message reached a replica',
};

const violation = { outcome: 'violation', operations: 5, reason: 'object 0: value 1 was returned twice' } as const;

test.each<readonly [string, Partial<Evidence>, string, string]>([
  ['nothing to complain of', {}, 'valid', ''],
  ['a driver near its limit', { clientCpuShare: 0.8 }, 'valid', ''],
  [
    'a driver that may be the limit',
    { clientCpuShare: 0.81 },
    'valid',
    'warning: a client driver used 81 % of a core and may be the limit; use more drivers',
  ],
  ['a retry now and then', { retriesPerOperation: 0.001 }, 'valid', ''],
  [
    'requests that timed out',
    { retriesPerOperation: 0.0123 },
    'valid',
    'warning: requests timed out, 0.012 sent again per operation: overload or loss',
  ],
  [
    'several warnings',
    { clientCpuShare: 0.9, retriesPerOperation: 2 },
    'valid',
    'warning: a client driver used 90 % of a core and may be the limit; use more drivers; ' +
      'warning: requests timed out, 2.0 sent again per operation: overload or loss',
  ],
  [
    'clients that never had their turn',
    { starvedClients: 7 },
    'valid',
    'warning: of 7 clients no operation ended in the window: the throughput is that of the others',
  ],
  ['CPU time not known', { clientCpuShare: undefined }, 'valid', ''],
  ['a wrong history', { check: violation }, 'invalid', 'safety broken: object 0: value 1 was returned twice'],
  [
    'a wrong history before anything else',
    { check: violation, operations: 0, incomplete: 9 },
    'invalid',
    'safety broken: object 0: value 1 was returned twice',
  ],
  [
    'no operation, with the first cause',
    { operations: 0, incomplete: 3, steadiness: undefined },
    'invalid',
    'no operation ended in the window: no message reached a replica',
  ],
  [
    'lost operations, with the first cause',
    { incomplete: 3 },
    'invalid',
    '3 operations had no outcome 10 s after the load stopped: no message reached a replica',
  ],
  ['steady enough', { steadiness: 0.5 }, 'valid', ''],
  [
    'not steady',
    { steadiness: 0.49 },
    'invalid',
    'never steady: the slowest fifth of the window ended 49 % of the operations of the median fifth',
  ],
  [
    'stalled most of the time',
    { steadiness: undefined },
    'invalid',
    'never steady: in most of the window no operation ended',
  ],
  [
    'too few to tell',
    { operations: 99, steadiness: 0.1 },
    'valid',
    'warning: only 99 operations, too few to judge steadiness',
  ],
  [
    'a check that did not finish',
    { check: { outcome: 'unknown', operations: 9, reason: 'too many' } },
    'unknown',
    'too many',
  ],
])('%s', (_, evidence, verdict, reason) => {
  expect(judge({ ...good, ...evidence })).toEqual({ verdict, reason });
});

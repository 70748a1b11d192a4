import { expect, test } from 'vitest';
import { type Evidence, judge } from './verdict.ts';

const good: Evidence = {
  check: { outcome: 'ok', operations: 1_000 },
  operations: 1_000,
  incomplete: 0,
  starvedClients: 0,
  graceSeconds: 10,
  steadiness: { kind: 'steady' },
  discardedWindows: 0,
  clientCpuShare: 0.5,
  retriesPerOperation: 0,
  operationsUnderWay: 10,
  counts: [{ what: 'messages', counted: 30.5, form: 30 }],
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
    { operations: 0, incomplete: 3, steadiness: { kind: 'tooFewToTell' } },
    'invalid',
    'no operation ended in the window: no message reached a replica',
  ],
  [
    'lost operations, with the first cause',
    { incomplete: 3 },
    'invalid',
    '3 operations had no outcome 10 s after the load stopped: no message reached a replica',
  ],
  [
    'not steady',
    { steadiness: { kind: 'unsteady', share: 0.49 } },
    'invalid',
    'never steady: the slowest fifth of the window ended 49 % of the operations of the median fifth',
  ],
  [
    'stalled most of the time',
    { steadiness: { kind: 'unsteady', share: undefined } },
    'invalid',
    'never steady: in most of the window no operation ended',
  ],
  [
    'too few to tell',
    { operations: 99, steadiness: { kind: 'tooFewToTell' } },
    'valid',
    'warning: only 99 operations, too few to judge steadiness',
  ],
  [
    'a window that came too early',
    { steadiness: { kind: 'rising', rise: 0.123 } },
    'valid',
    'warning: throughput still rose, by 12 % within the window; use a longer --warmup',
  ],
  [
    'a second window',
    { discardedWindows: 1 },
    'valid',
    'warning: measured in a second window, as something disturbed the first',
  ],
  [
    'fewer messages than the closed form',
    { counts: [{ what: 'messages', counted: 179, form: 192 }] },
    'valid',
    'warning: messages −6.8 % off the closed form (179.0, closed form 192.0); operation_types tells what else went on',
  ],
  [
    'more messages than the closed form',
    { counts: [{ what: 'messages', counted: 31, form: 30 }] },
    'valid',
    'warning: messages +3.3 % off the closed form (31.00, closed form 30.00); operation_types tells what else went on',
  ],
  [
    'no more of them than the operations under way account for',
    { operationsUnderWay: 20, counts: [{ what: 'messages', counted: 31, form: 30 }] },
    'valid',
    '',
  ],
  ['no closed form', { counts: [{ what: 'messages', counted: 31, form: undefined }] }, 'valid', ''],
  [
    'a check that did not finish',
    { check: { outcome: 'unknown', operations: 9, reason: 'too many' } },
    'unknown',
    'too many',
  ],
])('%s', (_, evidence, verdict, reason) => {
  expect(judge({ ...good, ...evidence })).toEqual({ verdict, reason });
});

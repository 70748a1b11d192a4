import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { ForeseenFailure, failureReason } from './failure-reason.ts';

test('an unforeseen error is one line with its place in the code', () => {
  const reason = failureReason(new TypeError('no such\n  thing'));
  expect(reason).toMatch(/^TypeError: no such thing \(at .*failure-reason\.test\.ts:\d+:\d+\)$/);
});

test('a foreseen failure and one of the system speak for themselves', async () => {
  expect(failureReason(new ForeseenFailure('port 1 is taken'))).toBe('port 1 is taken');
  const error = await new Promise<Error>((resolve) => connect('/nonexistent/socket').once('error', resolve));
  expect(failureReason(error)).toBe('connect ENOENT /nonexistent/socket');
});

test('what is thrown need not be an error', () => {
  expect(failureReason('out of\npatience')).toBe('out of patience');
  expect(failureReason(new RangeError())).toMatch(/^RangeError: RangeError \(at /);
});

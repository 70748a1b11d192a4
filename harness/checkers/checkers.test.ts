import { expect, test } from 'vitest';
import { services } from '../../src/services/services.ts';
import { checkerFor } from './checkers.ts';
import { historyOf } from './testing/histories.ts';

test.each(services.map((service) => service.name))('service %s has a check', (service) => {
  expect(checkerFor(service).check([])).toEqual({ outcome: 'ok', operations: 0 });
});

test('a service without a check is of unknown validity', () => {
  const outcome = checkerFor('queue').check([historyOf([{ invokedUs: 0, completedUs: 1 }])]);
  expect(outcome).toEqual({
    outcome: 'unknown',
    operations: 1,
    reason: "there is no history check for service 'queue'",
  });
});

test('the null service is checked for possible times only', () => {
  const check = (completedUs: number) => checkerFor('null').check([historyOf([{ invokedUs: 5, completedUs }])]).outcome;
  expect(check(6)).toBe('ok');
  expect(check(4)).toBe('violation');
});

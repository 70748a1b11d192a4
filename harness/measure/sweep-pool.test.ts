import { expect, test } from 'vitest';
import { DEFAULTS } from '../suites/settings.ts';
import { SweepPool } from './sweep-pool.ts';

const suite = { ...DEFAULTS, name: 'mine', title: 'Mine', summary: 'For tests.', runtime: 'sim' };
const task = { runId: 'run', suite, simulation: undefined, index: 0, historiesIn: undefined };

test('an error on a thread comes out as it is', async () => {
  const pool = new SweepPool(1);
  const measured = pool.run({ ...task, index: 99 }, new AbortController().signal);
  await expect(measured).rejects.toThrow('suite mine has no measurement 99');
  await pool.close();
});

test('what was aborted before it began rejects with the reason', async () => {
  const pool = new SweepPool(1);
  await expect(pool.run(task, AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
  await pool.close();
});

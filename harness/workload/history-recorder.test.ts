import { expect, test } from 'vitest';
import { HistoryRecorder } from './history-recorder.ts';
import { historyValueOf } from './history-values.ts';

test('rows survive the growth of the columns', () => {
  const recorder = new HistoryRecorder(2);
  for (let row = 0; row < 9; row++) {
    expect(recorder.invoked(row, 4_096 + row, row % 3, row % 2 === 1)).toBe(row);
    if (row !== 4) recorder.completed(row, row + 0.5, 10 * row);
  }
  const history = recorder.history(7);
  expect(history).toMatchObject({ driver: 7, length: 9 });
  expect([...history.invokedUs]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  expect([...history.completedUs]).toEqual([0.5, 1.5, 2.5, 3.5, Number.NaN, 5.5, 6.5, 7.5, 8.5]);
  expect([...history.client]).toEqual([4096, 4097, 4098, 4099, 4100, 4101, 4102, 4103, 4104]);
  expect([...history.object]).toEqual([0, 1, 2, 0, 1, 2, 0, 1, 2]);
  expect([...history.query]).toEqual([0, 1, 0, 1, 0, 1, 0, 1, 0]);
  expect([...history.value]).toEqual([0, 10, 20, 30, Number.NaN, 50, 60, 70, 80]);
});

test('a history is a copy: what is recorded later does not change it', () => {
  const recorder = new HistoryRecorder();
  const row = recorder.invoked(1, 4_096, 0, false);
  const history = recorder.history(0);
  recorder.completed(row, 2, 3);
  expect(history.completedUs[0]).toBeNaN();
});

test('values are read off results by the service', () => {
  expect(historyValueOf('counter')(Uint8Array.of(0, 0, 0, 1, 0, 0, 0, 2))).toBe(2 ** 32 + 2);
  expect(historyValueOf('counter')(Uint8Array.of(1))).toBeNaN();
  expect(historyValueOf('null')(Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 2))).toBeNaN();
});

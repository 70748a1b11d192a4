import { expect, test } from 'vitest';
import { HistoryRecorder } from './history-recorder.ts';

const NAMES = ['a', 'b', 'c'];

test('rows survive the growth of the columns', () => {
  const recorder = new HistoryRecorder({ capacity: 2 });
  for (let row = 0; row < 9; row++) {
    expect(recorder.invoked(row, 4_096 + row, NAMES[row % 3] ?? '', row % 2 === 1, 100 + row)).toBe(row);
    if (row !== 4) recorder.completed(row, row + 0.5, { value: 10 * row, read: row % 4 !== 0, content: 200 + row });
  }
  const history = recorder.history(7);
  expect(history).toMatchObject({ driver: 7, length: 9, objects: NAMES });
  expect([...history.invokedUs]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  expect([...history.completedUs]).toEqual([0.5, 1.5, 2.5, 3.5, Number.NaN, 5.5, 6.5, 7.5, 8.5]);
  expect([...history.client]).toEqual([4096, 4097, 4098, 4099, 4100, 4101, 4102, 4103, 4104]);
  expect([...history.object]).toEqual([0, 1, 2, 0, 1, 2, 0, 1, 2]);
  expect([...history.query]).toEqual([0, 1, 0, 1, 0, 1, 0, 1, 0]);
  expect([...history.read]).toEqual([0, 1, 1, 1, 0, 1, 1, 1, 0]);
  expect([...history.content]).toEqual([200, 201, 202, 203, 104, 205, 206, 207, 208]);
  expect([...history.value]).toEqual([0, 10, 20, 30, Number.NaN, 50, 60, 70, 80]);
});

test('a history is a copy: what is recorded later does not change it', () => {
  const recorder = new HistoryRecorder();
  const row = recorder.invoked(1, 4_096, 'a', false);
  const history = recorder.history(0);
  recorder.completed(row, 2, { value: 3, read: false, content: 0 });
  expect(history.completedUs[0]).toBeNaN();
});

test('the further objects of an operation stand in columns of their own, by its row', () => {
  const recorder = new HistoryRecorder({ capacity: 2 });
  const WRITTEN = { value: 5, read: false, content: 6 };
  const begin = (atUs: number, object: string, others: readonly string[]) => {
    const row = recorder.invoked(atUs, 4_096, object, false);
    recorder.invokedAlsoOn(row, others, false);
    return row;
  };
  const rows = [begin(0, 'a', ['b', 'c']), begin(1, 'b', []), begin(2, 'c', ['a'])];
  recorder.completed(rows[1] ?? 0, 3, WRITTEN);
  recorder.completed(rows[0] ?? 0, 4, {
    ...WRITTEN,
    others: [WRITTEN, { value: 7, read: true, content: 8 }],
  });
  const history = recorder.history(0);
  expect(history).toMatchObject({ length: 3, objects: ['a', 'b', 'c'], further: { length: 3 } });
  const { row, object, read, value, content } = history.further;
  expect([...row]).toEqual([0, 0, 2]);
  expect([...object]).toEqual([1, 2, 0]);
  expect([...read]).toEqual([0, 1, 0]);
  expect([...value]).toEqual([5, 7, Number.NaN]);
  expect([...content]).toEqual([6, 8, 0]);
  expect(() => recorder.completed(rows[1] ?? 0, 5, { ...WRITTEN, others: [WRITTEN] })).toThrow(/not one of several/);
});

test('the columns of further objects grow, too', () => {
  const recorder = new HistoryRecorder();
  for (let row = 0; row < 3_000; row++) {
    recorder.invokedAlsoOn(recorder.invoked(row, 4_096, 'a', false), ['b'], false);
    recorder.completed(row, row, {
      value: 0,
      read: false,
      content: 0,
      others: [{ value: row, read: false, content: 0 }],
    });
  }
  const { row, value } = recorder.history(0).further;
  expect([...value]).toEqual([...row]);
  expect(value).toHaveLength(3_000);
});

test('a recorder with a limit is full when it is reached, and rows still end', () => {
  const recorder = new HistoryRecorder({ capacity: 2, mostRows: 3 });
  for (let row = 0; row < 3; row++) {
    expect(recorder.isFull).toBe(false);
    recorder.invoked(row, 4_096, 'a', false);
  }
  expect(recorder.isFull).toBe(true);
  recorder.completed(2, 9, { value: 3, read: false, content: 0 });
  expect([...recorder.history(0).completedUs]).toEqual([Number.NaN, Number.NaN, 9]);
});

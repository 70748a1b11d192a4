import { expect, test } from 'vitest';
import { runtimeNamed, runtimes } from './runtimes.ts';

test('runtimes are found by name', () => {
  expect(runtimes.map(({ name }) => runtimeNamed(name).name)).toEqual(['thread', 'process', 'process-tcp', 'sim']);
});

test('an unknown runtime is refused with the names of those that exist', () => {
  expect(() => runtimeNamed('cloud')).toThrow("unknown runtime 'cloud'; there are thread, process, process-tcp, sim");
});

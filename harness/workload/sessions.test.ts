import { expect, test } from 'vitest';
import { FIRST_CLIENT } from '../../src/kernel/identifiers.ts';
import type { LoadSpec } from '../runtimes/runtime.ts';
import { driverOfSession, sessionsOfDriver } from './sessions.ts';

const LOAD: LoadSpec = { clients: 5, outstanding: 3, drivers: 2, objects: 'private', queryShare: 0 };

test('every session has one driver, a client number and an object of its own', () => {
  const sessions = [...sessionsOfDriver(LOAD, 0), ...sessionsOfDriver(LOAD, 1)].sort((a, b) => a.index - b.index);
  expect(sessions.map(({ index }) => index)).toEqual(Array.from({ length: 15 }, (_, index) => index));
  expect(sessions.map(({ id }) => id - FIRST_CLIENT)).toEqual(sessions.map(({ index }) => index));
  expect(new Set(sessions.map(({ objectName }) => objectName)).size).toBe(15);
  expect(sessions[14]).toMatchObject({ objectName: 'object-14' });
});

test('the sessions of one client run on one driver, clients go round', () => {
  const drivers = Array.from({ length: 15 }, (_, index) => driverOfSession(LOAD, index));
  expect(drivers).toEqual([0, 0, 0, 1, 1, 1, 0, 0, 0, 1, 1, 1, 0, 0, 0]);
});

test('a shared object is one for all', () => {
  const shared: LoadSpec = { ...LOAD, objects: 'shared' };
  const names = [0, 1].flatMap((driver) => sessionsOfDriver(shared, driver).map(({ objectName }) => objectName));
  expect(new Set(names)).toEqual(new Set(['object-0']));
});

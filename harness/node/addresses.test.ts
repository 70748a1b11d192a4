import { expect, test } from 'vitest';
import { FIRST_CLIENT } from '../../src/kernel/identifiers.ts';
import { Addresses, nodeName, nodeNumber, nodeRoles } from './addresses.ts';

const addresses = new Addresses(4, { clients: 3, outstanding: 2, drivers: 2, objects: 'private', queryShare: 0 });

test('participants have consecutive slots and the nodes that they live on', () => {
  const participants = [0, 1, 2, 3, ...Array.from({ length: 6 }, (_, index) => FIRST_CLIENT + index)];
  expect(participants.map((participant) => addresses.slot(participant))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(participants.map((_, slot) => addresses.node(slot))).toEqual([0, 1, 2, 3, 4, 4, 5, 5, 4, 4]);
});

test.each([4, FIRST_CLIENT - 1, FIRST_CLIENT + 6, 0xffff_ffff])('number %d is nobody', (participant) => {
  expect(addresses.slot(participant)).toBe(-1);
  expect(addresses.node(addresses.slot(participant))).toBe(-1);
});

test('roles, numbers and names of nodes agree', () => {
  const roles = nodeRoles(2, 2);
  expect(roles.map((role) => nodeNumber(role, 2))).toEqual([0, 1, 2, 3]);
  expect(roles.map(nodeName)).toEqual(['replica 0', 'replica 1', 'client driver 0', 'client driver 1']);
});

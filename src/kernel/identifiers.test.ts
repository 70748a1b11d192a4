import { expect, test } from 'vitest';
import { FIRST_CLIENT, isClient, isReplica, LAST_PARTICIPANT } from './identifiers.ts';

test.each([
  // participant, replicas, is it a replica, is it a client
  [0, 1, true, false],
  [3, 4, true, false],
  [4, 4, false, false],
  [FIRST_CLIENT - 1, 4, false, false],
  [FIRST_CLIENT, 4, false, true],
  [LAST_PARTICIPANT, 4, false, true],
])('participant %i among %i replicas', (participant, replicas, replica, client) => {
  expect(isReplica(participant, replicas)).toBe(replica);
  expect(isClient(participant)).toBe(client);
});

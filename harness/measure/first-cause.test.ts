import { expect, test } from 'vitest';
import { driver, replica } from '../metrics/testing/samples.ts';
import type { NodeSample } from '../runtimes/runtime.ts';
import { firstCause } from './first-cause.ts';

const sent = { traffic: { messagesSent: 9, messagesReceived: 9 } };
const retried = driver(0, { ...sent, counters: { 'client.retries': 4 } });

test.each<readonly [string, readonly NodeSample[], string]>([
  ['clients stand still', [replica(0, {}), driver(0, {})], 'the clients sent nothing'],
  ['replicas hear nothing', [replica(0, {}), retried], 'no message reached a replica'],
  [
    'replicas drop everything',
    [replica(0, { ...sent, counters: { 'ignored.old': 2, 'ignored.authentication': 7 } }), retried],
    'no replica carried out a request: replicas dropped 7 messages (authentication)',
  ],
  ['replicas do nothing', [replica(0, sent), retried], 'no replica carried out a request: no quorum'],
  [
    'no answer gets back',
    [replica(0, { ...sent, counters: { 'replica.handled': 1 } }), driver(0, { traffic: { messagesSent: 1 } })],
    'no answer reached a client',
  ],
  [
    'clients drop answers',
    [
      replica(0, { ...sent, counters: { 'replica.handled': 1 } }),
      driver(0, { ...sent, counters: { 'ignored.authentication': 5 } }),
    ],
    'clients dropped 5 messages (authentication)',
  ],
  [
    'some replicas drop some',
    [replica(0, { ...sent, counters: { 'replica.handled': 1, 'ignored.malformed': 3 } }), retried],
    'replicas dropped 3 messages (malformed); 4 requests were sent again',
  ],
  [
    'links are cut',
    [
      replica(0, { ...sent, counters: { 'replica.handled': 1, 'link.closed.malformed': 2, 'ignored.malformed': 9 } }),
      driver(0, { ...sent, counters: { 'link.closed.malformed': 1, 'link.dropped.unreachable': 1 } }),
    ],
    'messages did not get through: link.closed.malformed, 3 times',
  ],
  [
    'what was dropped came too late to matter',
    [
      replica(0, { ...sent, counters: { 'replica.handled': 1, 'ignored.unneeded': 30, 'ignored.old': 5 } }),
      driver(0, { ...sent, counters: { 'ignored.late': 5_000, 'client.retries': 4 } }),
    ],
    'replicas answered, but too few alike or too late: 4 requests were sent again',
  ],
  [
    'answers do not match',
    [replica(0, { ...sent, counters: { 'replica.handled': 1 } }), retried],
    'replicas answered, but too few alike or too late: 4 requests were sent again',
  ],
])('%s', (_, samples, cause) => {
  expect(firstCause(samples)).toBe(cause);
});

import { expect, test } from 'vitest';
import type { RequestEnvelope } from '../node/control.ts';
import { RemoteNode } from './remote-node.ts';
import { RuntimeFailure } from './runtime.ts';

function remote() {
  const posted: RequestEnvelope[] = [];
  const failures: string[] = [];
  const channel = {
    post: (envelope: RequestEnvelope) => posted.push(envelope),
    kill: () => {},
    gone: Promise.resolve(),
  };
  const node = new RemoteNode({ role: 'replica', replica: 3 }, channel, ({ message }) => failures.push(message));
  return { node, posted, failures };
}

test('answers reach the requests that they belong to', async () => {
  const { node, posted } = remote();
  const first = node.ask({ type: 'stop-load', graceUs: 1 }, 'history');
  const second = node.ask({ type: 'start' }, 'done');
  expect(posted.map(({ id }) => id)).toEqual([0, 1]);
  node.heard({ type: 'answer', id: 1, answer: { type: 'done' } });
  node.heard({ type: 'answer', id: 0, answer: { type: 'history', history: undefined } });
  expect(await second).toEqual({ type: 'done' });
  expect(await first).toEqual({ type: 'history', history: undefined });
});

test('a node that fails rejects what is and what will be asked, with its first reason', async () => {
  const { node, failures } = remote();
  const asked = node.ask({ type: 'sample' }, 'sample');
  node.heard({ type: 'failed', reason: 'out of luck' });
  node.failed('its process ended');
  await expect(asked).rejects.toThrow(new RuntimeFailure('replica 3 failed: out of luck'));
  await expect(node.ask({ type: 'sample' }, 'sample')).rejects.toThrow('replica 3 failed: out of luck');
  expect(failures).toEqual(['replica 3 failed: out of luck']);
});

test('an answer of another kind is a failure', async () => {
  const { node } = remote();
  const asked = node.ask({ type: 'sample' }, 'sample');
  node.heard({ type: 'answer', id: 0, answer: { type: 'done' } });
  await expect(asked).rejects.toThrow("replica 3 answered 'sample' with 'done'");
});

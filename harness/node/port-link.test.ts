import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { afterEach, expect, test, vi } from 'vitest';
import { LinkCounter, MOST_WAITING_BYTES } from './link.ts';
import { PortLink } from './port-link.ts';

const ports: MessagePort[] = [];

afterEach(() => {
  for (const port of ports.splice(0)) port.close();
});

function pair() {
  const { port1, port2 } = new MessageChannel();
  ports.push(port1, port2);
  const readBytes = new Int32Array(new SharedArrayBuffer(16));
  const create = (self: number, port: MessagePort) => {
    const received: string[] = [];
    const link = new PortLink({
      self,
      nodes: 2,
      ports: [{ node: 1 - self, port }],
      readBytes,
      onMessage: (from, to, payload) => received.push(`${from}>${to}:${payload.length}`),
      onTurn: () => {},
    });
    return { link, received };
  };
  return { port1, port2, readBytes, create };
}

test('the messages of one turn come as one, in order', async () => {
  const { port1, port2, create } = pair();
  const a = create(0, port1);
  const b = create(1, port2);
  const post = vi.spyOn(port1, 'postMessage');
  a.link.send(1, 0, 1, new Uint8Array(3));
  a.link.send(1, 0, 1, new Uint8Array(5));
  b.link.send(0, 1, 0, new Uint8Array(7));
  await vi.waitFor(() => {
    expect(b.received).toEqual(['0>1:3', '0>1:5']);
    expect(a.received).toEqual(['1>0:7']);
  });
  expect(post).toHaveBeenCalledTimes(1);
  const [frames] = post.mock.calls[0] ?? [];
  // Moved, and nothing else with it.
  expect(frames).toHaveProperty('byteLength', 0);
});

test('a thread that does not read costs bounded memory, and is served again when it reads', async () => {
  const { port1, port2, create } = pair();
  const a = create(0, port1);
  const megabyte = new Uint8Array(1 << 20);
  const sent = (4 * MOST_WAITING_BYTES) / megabyte.length;
  for (let message = 0; message < sent; message++) {
    a.link.send(1, 0, 1, megabyte);
    // A turn for each, so that each is posted if it may be.
    await new Promise((resolve) => setImmediate(resolve));
  }
  const dropped = a.link.counters.get(LinkCounter.congested) ?? 0;
  expect(dropped).toBeGreaterThan(sent / 4);
  expect(dropped).toBeLessThan(sent);
  const b = create(1, port2);
  await vi.waitFor(() => expect(b.received).toHaveLength(sent - dropped));
});

test('messages for a node without a port are dropped and counted', () => {
  const { port1, create } = pair();
  const { link } = create(0, port1);
  link.send(0, 0, 1, new Uint8Array(1));
  expect(link.counters.get(LinkCounter.unreachable)).toBe(1);
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { SocketAddress } from './control.ts';
import { ForeseenFailure } from './failure-reason.ts';
import { LinkCounter, MOST_WAITING_BYTES } from './link.ts';
import { SocketLink } from './socket-link.ts';
import { RawPeer } from './testing/raw-peer.ts';

const TOKEN = 'a token of the deployment';
/** Two replicas and one driver. */
const REPLICAS = 2;
const NODES = 3;
const DRIVER = 2;

let directory: string;
let links: SocketLink[];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'link-test-'));
  links = [];
});

afterEach(() => {
  for (const link of links) link.close();
  rmSync(directory, { recursive: true, force: true });
});

function createLink(self: number) {
  const received: string[] = [];
  const turns = { count: 0 };
  const link = new SocketLink({
    self,
    replicas: REPLICAS,
    nodes: NODES,
    token: TOKEN,
    onMessage: (from, to, payload) => received.push(`${from}>${to}:${Buffer.from(payload).toString()}`),
    onTurn: () => turns.count++,
  });
  links.push(link);
  return { link, received, turns };
}

const socketOf = (replica: number): string => join(directory, `${replica}`);
const addressOf = (replica: number): SocketAddress => ({ transport: 'unix', path: socketOf(replica) });

async function mesh(transport: 'unix' | 'tcp') {
  const nodes = [createLink(0), createLink(1), createLink(DRIVER)] as const;
  const [first, second] = nodes;
  const addresses = await Promise.all([
    first.link.listen(transport === 'unix' ? addressOf(0) : { transport, port: 0 }),
    second.link.listen(transport === 'unix' ? addressOf(1) : { transport, port: 0 }),
  ]);
  await Promise.all(nodes.map(({ link }) => link.connect(addresses)));
  return nodes;
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe.each(['unix', 'tcp'] as const)('over %s', (transport) => {
  test('messages reach every peer in order, in one write a turn', async () => {
    const [first, second, driver] = await mesh(transport);
    first.link.send(1, 0, 1, bytes('a'));
    first.link.send(DRIVER, 0, 4_096, bytes('b'));
    first.link.send(1, 0, 1, bytes('c'));
    driver.link.send(0, 4_096, 0, bytes('d'));
    second.link.send(0, 1, 0, bytes('e'));
    await vi.waitFor(() => {
      expect(second.received).toEqual(['0>1:a', '0>1:c']);
      expect(driver.received).toEqual(['0>4096:b']);
      expect([...first.received].sort()).toEqual(['1>0:e', '4096>0:d']);
    });
    expect(first.turns.count).toBe(1);
  });
});

test('messages for a node that is not connected are dropped and counted', async () => {
  const [first, second] = await mesh('unix');
  second.link.close();
  await vi.waitFor(() => {
    first.link.send(1, 0, 1, bytes('a'));
    expect(first.link.counters.get(LinkCounter.unreachable)).toBeGreaterThan(0);
  });
});

test('a peer that does not read costs bounded memory: messages are dropped and counted', async () => {
  const { link } = createLink(0);
  await link.listen(addressOf(0));
  const peer = await RawPeer.connect(socketOf(0));
  peer.frame(1, 0, bytes(TOKEN));
  const megabyte = new Uint8Array(1 << 20);
  // Until it is known, it is unreachable.
  await vi.waitFor(() => {
    const before = link.counters.get(LinkCounter.unreachable) ?? 0;
    link.send(1, 0, 1, bytes('hello'));
    expect(link.counters.get(LinkCounter.unreachable) ?? 0).toBe(before);
  });
  peer.socket.pause();
  const sent = (3 * MOST_WAITING_BYTES) / megabyte.length;
  for (let message = 0; message < sent; message++) link.send(1, 0, 1, megabyte);
  expect(link.counters.get(LinkCounter.congested)).toBe(sent - MOST_WAITING_BYTES / megabyte.length + 1);
  // It is served again when it reads.
  let bytesRead = 0;
  peer.socket.on('data', (chunk: Buffer) => {
    bytesRead += chunk.length;
  });
  peer.socket.resume();
  await vi.waitFor(() => expect(bytesRead).toBeGreaterThan(MOST_WAITING_BYTES - 2 * megabyte.length));
  const dropped = link.counters.get(LinkCounter.congested);
  link.send(1, 0, 1, megabyte);
  expect(link.counters.get(LinkCounter.congested)).toBe(dropped);
});

test('a peer that breaks the framing is cut off and counted, others are served', async () => {
  const { link, received } = createLink(0);
  await link.listen(addressOf(0));
  const peers = await Promise.all([RawPeer.connect(socketOf(0)), RawPeer.connect(socketOf(0))]);
  const [bad, good] = peers;
  bad.frame(1, 0, bytes(TOKEN));
  good.frame(DRIVER, 0, bytes(TOKEN));
  bad.socket.write(Buffer.alloc(12, 0xff));
  await bad.closed;
  good.frame(4_096, 0, bytes('still here'));
  await vi.waitFor(() => expect(received).toEqual(['4096>0:still here']));
  expect(link.counters.get(LinkCounter.malformed)).toBe(1);
});

test.each([
  ['with a wrong token', 1, 'b token of the deployment'],
  ['with a token too short', 1, 'a token'],
  ['as the node itself', 0, TOKEN],
  ['as a node that does not exist', NODES, TOKEN],
])('a stranger that says hello %s is sent away, unheard', async (_, from, token) => {
  const { link, received } = createLink(0);
  await link.listen(addressOf(0));
  const stranger = await RawPeer.connect(socketOf(0));
  stranger.frame(from, 0, bytes(token));
  stranger.frame(1, 0, bytes('message'));
  await stranger.closed;
  expect(link.counters.get(LinkCounter.unidentified)).toBe(1);
  expect(received).toEqual([]);
});

test('nobody takes the place of a node that is connected', async () => {
  const [first, second] = await mesh('unix');
  const impostor = await RawPeer.connect(socketOf(0));
  impostor.frame(1, 0, bytes(TOKEN));
  await impostor.closed;
  first.link.send(1, 0, 1, bytes('for the real one'));
  await vi.waitFor(() => expect(second.received).toEqual(['0>1:for the real one']));
});

test('an address that is taken is a foreseen failure in one line', async () => {
  await createLink(0).link.listen(addressOf(0));
  await expect(createLink(0).link.listen(addressOf(0))).rejects.toThrow(
    new ForeseenFailure(`socket ${socketOf(0)} is taken; end what uses it or choose another`),
  );
  const port = await createLink(0).link.listen({ transport: 'tcp', port: 0 });
  await expect(createLink(0).link.listen(port)).rejects.toThrow(/^port \d+ on 127\.0\.0\.1 is taken/);
});

test('a replica that cannot be reached is a foreseen failure', async () => {
  await expect(createLink(1).link.connect([addressOf(0)])).rejects.toThrow(/^could not connect to replica 0: /);
});

import { expect, test } from 'vitest';
import { Limit } from '../../src/wire/limits.ts';
import { LinkCounter, MOST_WAITING_BYTES } from './link.ts';
import { RingLink } from './ring-link.ts';
import { createRingMesh, ringBetween } from './ring-mesh.ts';
import { RingWriter } from './shared-ring.ts';

/** Replicas 0 and 1, drivers 2 and 3. */
const REPLICAS = 2;
const NODES = 4;
const DRIVER = 2;
const OTHER_DRIVER = 3;
/** Ends a sleep that should not have begun as a test's time-out. */
const FOREVER_MS = 60_000;

function meshed() {
  const mesh = createRingMesh(NODES);
  const create = (self: number) => {
    const received: string[] = [];
    const log: string[] = [];
    const link: RingLink = new RingLink({
      self,
      replicas: REPLICAS,
      mesh,
      onMessage: (from, to, payload) => {
        received.push(`${from}>${to}:${payload.length}`);
        log.push('message');
      },
      onTurn: () => log.push('turn'),
    });
    return { link, received, log };
  };
  return { mesh, create };
}

/** A message that says where each of its bytes belongs. */
const numbered = (length: number): Uint8Array => Uint8Array.from({ length }, (_, index) => index % 251);

test('messages of a round go out together at its end, and come in in order', () => {
  const { create } = meshed();
  const [a, b] = [create(0), create(1)];
  a.link.send(1, 0, 1, numbered(3));
  a.link.send(1, 0, 1, numbered(5));
  expect(b.link.round()).toBe(false);
  a.link.round();
  b.link.send(0, 1, 0, numbered(7));
  expect(b.link.round()).toBe(true);
  expect(b.received).toEqual(['0>1:3', '0>1:5']);
  expect(b.log).toEqual(['turn', 'message', 'message', 'turn']);
  expect(a.link.round()).toBe(true);
  expect(a.received).toEqual(['1>0:7']);
  expect([a.link.round(), b.link.round()]).toEqual([false, false]);
});

test('what a handler and the turn send goes out in the same round', () => {
  const { create, mesh } = meshed();
  const a = create(0);
  const echo: RingLink = new RingLink({
    self: 1,
    replicas: REPLICAS,
    mesh,
    onMessage: (from, to, payload) => echo.send(from, to, from, payload),
    onTurn: () => echo.send(0, 1, 0, numbered(1)),
  });
  a.link.send(1, 0, 1, numbered(5));
  a.link.round();
  echo.round();
  a.link.round();
  expect(a.received).toEqual(['1>0:5', '1>0:1']);
});

test('messages larger than the rings arrive whole, both ways at once', () => {
  const { mesh } = meshed();
  const payload = numbered(Limit.messageBytes);
  const arrived: boolean[] = [];
  const links = [0, 1].map(
    (self) =>
      new RingLink({
        self,
        replicas: REPLICAS,
        mesh,
        onMessage: (_from, _to, bytes) => arrived.push(Buffer.compare(bytes, payload) === 0),
        onTurn: () => {},
      }),
  );
  for (const [self, link] of links.entries()) {
    for (let message = 0; message < 2; message++) link.send(1 - self, self, 1 - self, payload);
  }
  while (links.filter((link) => link.round()).length > 0);
  expect(arrived).toEqual([true, true, true, true]);
});

test('a thread that does not read costs bounded memory, and is served again when it reads', () => {
  const { create } = meshed();
  const a = create(0);
  const megabyte = numbered(1 << 20);
  const sent = (2 * MOST_WAITING_BYTES) / megabyte.length;
  for (let message = 0; message < sent; message++) {
    a.link.send(1, 0, 1, megabyte);
    a.link.round();
  }
  // Stuck is not busy: nobody spins until the other reads.
  expect(a.link.round()).toBe(false);
  const dropped = a.link.counters.get(LinkCounter.congested) ?? 0;
  expect(dropped).toBeGreaterThan(sent / 4);
  expect(dropped).toBeLessThan(sent);
  const b = create(1);
  while ([b.link.round(), a.link.round()].includes(true));
  expect(b.received).toHaveLength(sent - dropped);
  a.link.send(1, 0, 1, numbered(1));
  a.link.round();
  b.link.round();
  expect(b.received.at(-1)).toBe('0>1:1');
});

test('a node does not sleep on unread messages, nor on space for what waits', () => {
  const { create } = meshed();
  const [a, b] = [create(0), create(1)];
  a.link.send(1, 0, 1, numbered(1 << 20));
  a.link.round();
  b.link.sleep(FOREVER_MS);
  let pieces = 0;
  for (b.link.round(); b.received.length === 0; b.link.round()) {
    pieces++;
    a.link.sleep(FOREVER_MS);
    a.link.round();
  }
  expect(pieces).toBeGreaterThan(1);
});

test('nodes that do not talk to each other are out of reach: oneself, drivers among themselves, nobody', () => {
  const { create } = meshed();
  const [replica, driver] = [create(0), create(DRIVER)];
  replica.link.send(0, 0, 0, numbered(1));
  driver.link.send(OTHER_DRIVER, 0, 0, numbered(1));
  driver.link.send(NODES, 0, 0, numbered(1));
  expect(replica.link.counters.get(LinkCounter.unreachable)).toBe(1);
  expect(driver.link.counters.get(LinkCounter.unreachable)).toBe(2);
  driver.link.send(0, 9, 0, numbered(2));
  driver.link.round();
  replica.link.round();
  expect(replica.received).toEqual(['9>0:2']);
});

test('a ring whose bytes break the framing is read no further; others are', () => {
  const { mesh, create } = meshed();
  const [a, driver] = [create(0), create(DRIVER)];
  const garbage = new RingWriter(ringBetween(mesh, 1, 0));
  garbage.write(Buffer.alloc(64, 0xff));
  a.link.round();
  garbage.write(Buffer.alloc(64));
  driver.link.send(0, 9, 0, numbered(2));
  driver.link.round();
  a.link.round();
  expect(a.received).toEqual(['9>0:2']);
  expect(a.link.counters.get(LinkCounter.malformed)).toBe(1);
  expect(a.link.round()).toBe(false);
});

test('a closed link takes and hands over nothing', () => {
  const { create } = meshed();
  const [a, b] = [create(0), create(1)];
  b.link.send(0, 1, 0, numbered(1));
  b.link.round();
  a.link.send(1, 0, 1, numbered(1));
  a.link.close();
  a.link.send(1, 0, 1, numbered(1));
  expect(a.link.round()).toBe(false);
  b.link.round();
  expect([a.received, b.received]).toEqual([[], []]);
  expect(a.link.counters.get(LinkCounter.unreachable)).toBe(1);
});

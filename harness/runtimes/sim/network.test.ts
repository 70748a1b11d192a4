import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nodeRoles } from '../../node/addresses.ts';
import { type Topology, topology } from '../../topologies/topology.ts';
import { networkOf } from './network.ts';

const SEED = 7;
const ROLES = nodeRoles(4, 2);
/** 8 Mbit/s: a byte takes 1 µs. */
const SLOW = { megabitsPerSecond: 8, packetBytes: 1_000, packetOverheadBytes: 50 };
const LAN = { name: 'slow', summary: 'x', kind: 'lan', transport: 'tcp', interface: SLOW, delayUs: 20 };
const WAN = {
  ...LAN,
  kind: 'wan',
  delayUs: undefined,
  regions: ['near', 'far'],
  delayMs: { near: { near: 1, far: 50 } },
  replicas: ['near', 'near', 'far'],
  drivers: ['far', 'near'],
};

function networkWith(settings: object, base: object = LAN) {
  return networkOf(topology.parse(JSON.parse(JSON.stringify({ ...base, ...settings }))), ROLES, SEED);
}

/** One message alone: both interfaces' bytes with their headers, a packet's more for the switch, and the way. */
const alone = (bytes: number, delayUs = 20) => {
  const wireUs = bytes + Math.ceil(bytes / 1_000) * 50;
  return wireUs + Math.min(wireUs, 1_050) + delayUs;
};

describe('a message alone', () => {
  test('takes its bytes and headers over the interface, a packet over the switch, and the delay', () => {
    expect(networkWith({}).transmit(0, 1, 100, 1_000)).toBe(1_000 + 150 + 150 + 20);
    expect(networkWith({}).transmit(0, 1, 2_500, 0)).toBe(2_650 + 1_050 + 20);
  });

  test('is received when its last byte is there', () => {
    expect(networkWith({}).receive(0, 1, 2_500, 5_000)).toBe(5_000);
  });

  test('between regions takes their delay, in both directions', () => {
    const network = networkWith({}, WAN);
    expect(network.transmit(0, 1, 100, 0)).toBe(alone(100, 1_000));
    expect(network.transmit(1, 2, 100, 0)).toBe(alone(100, 50_000));
    expect(network.transmit(2, 3, 100, 0)).toBe(alone(100, 50_000));
    // Drivers come after the four replicas: the first is far, the second near.
    expect(network.transmit(4, 2, 100, 0)).toBe(alone(100, 0));
    expect(network.transmit(5, 2, 100, 0)).toBe(alone(100, 50_000));
  });

  test('to its own node, or within a shared host, is there at once', () => {
    expect(networkWith({}).transmit(3, 3, 1_000_000, 5)).toBe(5);
    expect(networkWith({}).receive(3, 3, 1_000_000, 5)).toBe(5);
    const host = networkWith({}, { name: 'h', summary: 'x', kind: 'shared-host', cores: 2, transport: 'unix' });
    expect([host.transmit(0, 1, 1_000_000, 5), host.receive(0, 1, 1_000_000, 5)]).toEqual([5, 5]);
  });
});

describe('an interface', () => {
  test('sends one message after the other, whoever they are for', () => {
    const network = networkWith({});
    expect(network.transmit(0, 1, 950, 0)).toBe(alone(950));
    expect(network.transmit(0, 2, 950, 0)).toBe(1_000 + alone(950));
    expect(network.transmit(0, 3, 950, 500)).toBe(2_000 + alone(950));
    expect(network.transmit(0, 3, 950, 9_000)).toBe(9_000 + alone(950));
  });

  test('sends a multicast datagram once: its copies leave with it, and what is sent next leaves after it', () => {
    const network = networkWith({ transport: 'udp' });
    expect(network.transmit(0, 1, 950, 0)).toBe(alone(950));
    expect(network.copy(0, 2, 950, 0)).toBe(alone(950));
    expect(network.copy(0, 3, 950, 0)).toBe(alone(950));
    expect(network.transmit(0, 3, 950, 0)).toBe(1_000 + alone(950));
  });

  test('sends while it receives', () => {
    const network = networkWith({});
    network.transmit(0, 1, 950, 0);
    expect(network.transmit(1, 0, 950, 0)).toBe(alone(950));
  });

  test('receives what comes at the same time one after the other', () => {
    const network = networkWith({});
    expect([1, 2, 3].map((from) => network.receive(from, 0, 950, 5_000))).toEqual([5_000, 6_000, 7_000]);
    expect(network.receive(1, 0, 950, 5_500)).toBe(8_000);
    expect(network.receive(1, 0, 950, 9_500)).toBe(9_500);
  });

  test('receives a long message in the gaps between short ones', () => {
    const network = networkWith({});
    // 50 µs each at 1,000, 3,000 and 5,000; then a message on the wire from 2,000 to 6,200, which the last two have delayed.
    for (const atUs of [1_000, 3_000, 5_000]) expect(network.receive(1, 0, 0, atUs)).toBe(atUs);
    expect(network.receive(2, 0, 4_000, 6_200)).toBe(6_300);
    expect(network.receive(1, 0, 0, 6_310)).toBe(6_350);
  });
});

describe('order between two nodes', () => {
  const jitter = { distribution: 'uniform', mostUs: 10_000 };
  const arrivals = (transport: string) => {
    const network = networkWith({ transport, jitter });
    return Array.from({ length: 200 }, (_, index) => network.transmit(0, 1, 0, index * 60) ?? Number.NaN);
  };

  test('is kept by a stream', () => {
    const times = arrivals('tcp');
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });

  test('is not kept by datagrams', () => {
    const times = arrivals('udp');
    expect(times).not.toEqual(times.toSorted((a, b) => a - b));
  });
});

test('one seed gives one sequence of delays, another seed another; senders draw apart', () => {
  const jitter = { distribution: 'exponential', meanUs: 100 };
  const spec = topology.parse({ ...LAN, jitter });
  const times = (seed: number, meanwhile: (network: ReturnType<typeof networkOf>) => unknown) => {
    const network = networkOf(spec, ROLES, seed);
    return Array.from({ length: 20 }, (_, index) => {
      meanwhile(network);
      return network.transmit(0, 1, 0, index * 1e6);
    });
  };
  expect(times(1, () => 0)).toEqual(times(1, (network) => network.transmit(2, 1, 0, 0)));
  expect(times(1, () => 0)).not.toEqual(times(2, () => 0));
});

describe('loss', () => {
  const lostOf = (bytes: number, loss: number) => {
    const network = networkWith({ transport: 'udp', loss });
    const sent = 20_000;
    let lost = 0;
    for (let index = 0; index < sent; index++) if (network.transmit(0, 1, bytes, index * 1e5) === undefined) lost++;
    return lost / sent;
  };

  test('of a datagram is for good, and likelier with each packet', () => {
    expect(lostOf(100, 0.02)).toBeCloseTo(0.02, 2);
    expect(lostOf(10_000, 0.02)).toBeCloseTo(1 - 0.98 ** 10, 1);
    expect(lostOf(100, 1)).toBe(1);
  });

  test('of a stream only delays: by the time-out where nothing follows, and all that is behind', () => {
    const network = networkWith({ loss: 0.05 });
    const late = Array.from({ length: 1_000 }, (_, index) => {
      const atUs = index * 1e6;
      return (network.transmit(0, 1, 100, atUs) ?? Number.NaN) - atUs - alone(100);
    });
    const repeated = late.filter((us) => us > 0);
    expect(repeated.length).toBeGreaterThan(20);
    expect(repeated.length).toBeLessThan(90);
    // The round trip is 40 µs; the writes before were a second ago.
    expect(Math.min(...repeated)).toBeCloseTo(200_040, 5);
    const behind = networkWith({ loss: 1 });
    const first = behind.transmit(0, 1, 100, 0);
    expect(behind.transmit(0, 1, 100, 10)).toBeGreaterThanOrEqual(first ?? Number.NaN);
    expect(behind.transmit(0, 2, 100, 10)).toBeDefined();
  });
});

const message = fc.record({
  from: fc.nat(5),
  to: fc.nat(5),
  bytes: fc.nat(5_000),
  gapUs: fc.nat(2_000),
});
const streamed = fc.constantFrom<object>(
  LAN,
  { ...LAN, loss: 0.1, jitter: { distribution: 'exponential', meanUs: 500 } },
  { ...WAN, jitter: { distribution: 'normal', deviationUs: 5_000 } },
);
const networked = fc.oneof(streamed, fc.constant({ ...LAN, transport: 'udp' }));

interface Passage {
  readonly from: number;
  readonly to: number;
  readonly bytes: number;
  readonly sentUs: number;
  readonly arrivesUs: number;
  readonly receivedUs: number;
}

/** Sends everything, and receives it in the order of its arrival, as an engine does. */
function passagesOf(spec: object, messages: readonly { from: number; to: number; bytes: number; gapUs: number }[]) {
  const network = networkWith({}, spec);
  let nowUs = 0;
  const announced = messages.flatMap(({ from, to, bytes, gapUs }) => {
    nowUs += gapUs;
    const arrivesUs = network.transmit(from, to, bytes, nowUs);
    return arrivesUs === undefined ? [] : [{ from, to, bytes, sentUs: nowUs, arrivesUs }];
  });
  return announced
    .toSorted((a, b) => a.arrivesUs - b.arrivesUs)
    .map(
      ({ from, to, bytes, sentUs, arrivesUs }): Passage => ({
        from,
        to,
        bytes,
        sentUs,
        arrivesUs,
        receivedUs: network.receive(from, to, bytes, arrivesUs),
      }),
    );
}

const wireUs = (bytes: number) => bytes + Math.max(1, Math.ceil(bytes / 1_000)) * 50;

describe('whatever is sent', () => {
  test('nothing is faster than its bytes over the bandwidth', () => {
    fc.assert(
      fc.property(networked, fc.array(message), (spec, messages) => {
        for (const { from, to, bytes, sentUs, arrivesUs, receivedUs } of passagesOf(spec, messages)) {
          if (from !== to) expect(arrivesUs - sentUs).toBeGreaterThanOrEqual(wireUs(bytes));
          expect(receivedUs).toBeGreaterThanOrEqual(arrivesUs);
        }
      }),
    );
  });

  test('a stream delivers in order', () => {
    fc.assert(
      fc.property(streamed, fc.array(message, { maxLength: 60 }), (spec, messages) => {
        const latest = new Map<string, Passage>();
        for (const passage of passagesOf(spec, messages)) {
          const pair = `${passage.from} ${passage.to}`;
          const before = latest.get(pair);
          if (before !== undefined && passage.from !== passage.to) {
            expect(passage.sentUs).toBeGreaterThanOrEqual(before.sentUs);
            expect(passage.receivedUs).toBeGreaterThanOrEqual(before.receivedUs);
          }
          latest.set(pair, passage);
        }
      }),
    );
  });

  test('no interface sends more than its bandwidth', () => {
    fc.assert(
      fc.property(networked, fc.array(message), (spec, messages) => {
        const passages = passagesOf(spec, messages).filter(({ from, to }) => from !== to);
        for (const { from, sentUs } of passages) {
          // Everything that a node begins to send since then has left, at the earliest, after the time that it takes.
          const since = passages.filter((other) => other.from === from && other.sentUs >= sentUs);
          const lastUs = Math.max(...since.map(({ arrivesUs }) => arrivesUs));
          const workUs = since.reduce((sum, { bytes }) => sum + wireUs(bytes), 0);
          expect(lastUs - sentUs).toBeGreaterThanOrEqual(workUs - 1e-6);
        }
      }),
    );
  });

  test('no interface takes in more than its bandwidth', () => {
    fc.assert(
      // Few enough messages that all busy times are remembered.
      fc.property(networked, fc.array(message, { maxLength: 8 }), (spec, messages) => {
        const passages = passagesOf(spec, messages).filter(({ from, to }) => from !== to);
        for (const { to, arrivesUs, bytes } of passages) {
          const beginUs = arrivesUs - wireUs(bytes);
          // Everything that wholly comes and is received since then has to fit in the time since then.
          const since = passages.filter((other) => other.to === to && other.arrivesUs - wireUs(other.bytes) >= beginUs);
          const lastUs = Math.max(...since.map(({ receivedUs }) => receivedUs));
          const workUs = since.reduce((sum, other) => sum + wireUs(other.bytes), 0);
          expect(lastUs - beginUs).toBeGreaterThanOrEqual(workUs - 1e-6);
        }
      }),
    );
  });
});

test('node numbers are those of the roles', () => {
  const spec: Topology = topology.parse(JSON.parse(JSON.stringify(WAN)));
  expect(networkOf(spec, nodeRoles(3, 1), SEED).transmit(3, 2, 100, 0)).toBe(alone(100, 0));
});

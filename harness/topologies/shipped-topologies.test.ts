import { describe, expect, test } from 'vitest';
import { UsageError } from '../suites/problem.ts';
import { loadTopology, parseTopology, shippedTopologies } from './shipped-topologies.ts';

const HEAD = 'name: mine\nsummary: Mine.\n';
const HOST = `${HEAD}kind: shared-host\ntransport: unix\n`;
const LAN = `${HEAD}kind: lan\ntransport: tcp\ninterface: { megabitsPerSecond: 1000 }\n`;
const WAN = `${HEAD}kind: wan\ntransport: tcp\ninterface: { megabitsPerSecond: 1000 }\nregions: [tokyo, osaka, paris]\n`;
const NODES = 'replicas: [tokyo, paris]\ndrivers: [osaka]\n';
const DELAYS = 'delayMs:\n  tokyo: { osaka: 5, paris: 110 }\n  osaka: { paris: 112 }\n';

function failureOf(text: string): string {
  try {
    parseTopology(text, 'mine.yaml');
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  return 'no failure';
}

test.each(shippedTopologies())('topology %s can be used, and has the name of its file', (name) => {
  expect(loadTopology(name).name).toBe(name);
});

test('what may be left out has its default', () => {
  expect(parseTopology(`${LAN}delayUs: 10\n`, 'mine.yaml')).toMatchObject({
    loss: 0,
    interface: { megabitsPerSecond: 1_000, packetBytes: 1_460, packetOverheadBytes: 78 },
  });
  expect(failureOf(`${WAN}${DELAYS}${NODES}`)).toBe('no failure');
});

describe('a topology of no kind', () => {
  test.each([
    [
      'unknown',
      `${HEAD}kind: lam\ntransport: tcp\n`,
      "mine.yaml:3: kind: unknown kind of topology 'lam' (did you mean 'lan'?); there are shared-host, lan, wan",
    ],
    ['none', HEAD, 'mine.yaml: kind: is missing; there are shared-host, lan, wan'],
    ['not a mapping', 'lan\n', 'mine.yaml: expected object, received string'],
  ])('%s', (_, text, message) => {
    expect(failureOf(text)).toBe(message);
  });
});

describe('unknown keys, with the nearest of their kind', () => {
  test.each([
    ['shared-host', `${HOST}coers: 2\n`, "mine.yaml:5: coers: unknown key 'coers' (did you mean 'cores'?)"],
    ['lan', `${LAN}delayUs: 1\nlos: 0.1\n`, "mine.yaml:7: los: unknown key 'los' (did you mean 'loss'?)"],
    ['another kind’s', `${LAN}delayUs: 1\nregions: [a]\n`, "mine.yaml:7: regions: unknown key 'regions'"],
    [
      'wan',
      `${WAN}${DELAYS}${NODES}replica: [tokyo]\n`,
      "mine.yaml:12: replica: unknown key 'replica' (did you mean 'replicas'?)",
    ],
    [
      'interface',
      `${HEAD}kind: lan\ntransport: tcp\ndelayUs: 1\ninterface:\n  megabitsPerSecond: 10\n  packetByte: 100\n`,
      "mine.yaml:8: interface.packetByte: unknown key 'packetByte' (did you mean 'packetBytes'?)",
    ],
    [
      'jitter',
      `${LAN}delayUs: 1\njitter:\n  distribution: uniform\n  mostUs: 1\n  mosUs: 3\n`,
      "mine.yaml:10: jitter.mosUs: unknown key 'mosUs' (did you mean 'mostUs'?)",
    ],
  ])('%s', (_, text, message) => {
    expect(failureOf(text)).toBe(message);
  });
});

describe('wrong values', () => {
  test.each([
    ['no transport', `${HEAD}kind: shared-host\ncores: 2\n`, 'mine.yaml: transport: must be a name'],
    ['no delay of a lan', LAN, 'mine.yaml: delayUs: must be a number'],
    ['a negative delay', `${LAN}delayUs: -1\n`, 'mine.yaml:6: delayUs: must not be negative'],
    ['a loss below 0', `${LAN}delayUs: 1\nloss: -0.5\n`, 'mine.yaml:7: loss: must not be negative'],
    ['a loss above 1', `${LAN}delayUs: 1\nloss: 1.5\n`, 'mine.yaml:7: loss: Too big: expected number to be <=1'],
    ['no core', `${HOST}cores: 0\n`, 'mine.yaml:5: cores: Too small: expected number to be >=1'],
    [
      'no bandwidth',
      `${HEAD}kind: lan\ntransport: tcp\ndelayUs: 1\ninterface:\n  megabitsPerSecond: 0\n`,
      'mine.yaml:7: interface.megabitsPerSecond: must be above 0',
    ],
    [
      'an unknown distribution',
      `${LAN}delayUs: 1\njitter:\n  distribution: exponental\n`,
      "mine.yaml:8: jitter.distribution: unknown distribution 'exponental' (did you mean 'exponential'?); there are uniform, exponential, normal",
    ],
    [
      'a negative jitter',
      `${LAN}delayUs: 1\njitter:\n  distribution: uniform\n  mostUs: -2\n`,
      'mine.yaml:9: jitter.mostUs: must not be negative',
    ],
    [
      'Unix sockets between machines',
      `${LAN.replace('tcp', 'unix')}delayUs: 1\n`,
      'mine.yaml:4: transport: Unix sockets end at their machine; between machines use tcp or udp',
    ],
  ])('%s', (_, text, message) => {
    expect(failureOf(text)).toBe(message);
  });
});

describe('regions that do not fit together', () => {
  test.each([
    [
      'an unknown one of a replica',
      `${WAN}${DELAYS}replicas:\n  - paris\n  - tokio\ndrivers: [osaka]\n`,
      "mine.yaml:12: replicas[1]: unknown region 'tokio' (did you mean 'tokyo'?); there are tokyo, osaka, paris",
    ],
    [
      'an unknown one of a driver',
      `${WAN}${DELAYS}replicas: [paris]\ndrivers: [rome]\n`,
      "mine.yaml:11: drivers[0]: unknown region 'rome'; there are tokyo, osaka, paris",
    ],
    [
      'an unknown one among the delays',
      `${WAN}${NODES}${DELAYS}  pariss: { osaka: 3 }\n`,
      "mine.yaml:12: delayMs.pariss: unknown region 'pariss' (did you mean 'paris'?); there are tokyo, osaka, paris",
    ],
    [
      'an unknown one at the other end of a delay',
      `${WAN}${NODES}delayMs:\n  tokyo:\n    osaka: 5\n    pari: 110\n`,
      "mine.yaml:12: delayMs.tokyo.pari: unknown region 'pari' (did you mean 'paris'?); there are tokyo, osaka, paris",
    ],
    [
      'one that is named twice',
      `${WAN.replace('paris]', 'paris, osaka]')}${DELAYS}${NODES}`,
      "mine.yaml:6: regions[3]: region 'osaka' is already regions[1]",
    ],
    [
      'a pair without a delay',
      `${WAN}${NODES}delayMs:\n  tokyo: { osaka: 5, paris: 110 }\n`,
      "mine.yaml:9: delayMs: no delay between 'osaka' and 'paris'",
    ],
    [
      'a pair with two delays',
      `${WAN}${NODES}${DELAYS}  paris: { tokyo: 111 }\n`,
      'mine.yaml:12: delayMs.paris.tokyo: 111 ms, but 110 ms from tokyo to paris; the delay is the same both ways: name it once',
    ],
    [
      'a negative delay',
      `${WAN}${NODES}delayMs:\n  tokyo: { osaka: -5 }\n`,
      'mine.yaml:10: delayMs.tokyo.osaka: must not be negative',
    ],
    [
      'no replica',
      `${WAN}${DELAYS}replicas: []\ndrivers: [osaka]\n`,
      'mine.yaml:10: replicas: Too small: expected array to have >=1 items',
    ],
  ])('%s', (_, text, message) => {
    expect(failureOf(text)).toBe(message);
  });
});

test('a topology that is not there is one line', () => {
  expect(() => loadTopology('lan-10gb')).toThrow(
    /^unknown topology 'lan-10gb' \(did you mean 'lan-10g'\?\); there are .*lan-10g.*, or give the path of a YAML file$/,
  );
  expect(() => loadTopology('nowhere/mine.yaml')).toThrow('there is no topology file nowhere/mine.yaml');
});

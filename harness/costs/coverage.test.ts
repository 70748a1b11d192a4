import { describe, expect, test } from 'vitest';
import { protocols } from '../../baselines/registry.ts';
import { counterService } from '../../src/services/counter.ts';
import { services } from '../../src/services/services.ts';
import type { CostProfile, StepCost } from './cost-profile.ts';
import { missingCosts, type NeededCosts } from './coverage.ts';
import { loadCostProfile } from './shipped-profiles.ts';

const COST: StepCost = { us: 1, usPerKilobyte: 0, usPerReplica: 0 };
const STEPS = { received: { '*': COST }, invoke: COST, expire: COST, send: COST, execution: COST };
const REFERENCE = loadCostProfile('reference');
const MAC = { generate: COST, verify: COST, digest: COST };

/** Knows one of each thing. */
const BARE: CostProfile = {
  ...REFERENCE,
  name: 'bare',
  macs: { 'hmac-sha256': MAC, 'siphash-2-4': MAC },
  transports: Object.fromEntries(Object.entries(REFERENCE.transports).filter(([name]) => name === 'tcp')),
  execute: { counter: COST },
  steps: {
    pbft: {
      replica: { ...STEPS, received: { request: COST, prepare: COST } },
      client: { ...STEPS, received: { reply: COST } },
    },
  },
};
const NEEDED: NeededCosts = {
  mac: 'hmac-sha256',
  transport: 'tcp',
  services: ['counter'],
  protocols: [{ name: 'pbft', messageKinds: ['request', 'prepare', 'reply'] }],
};

test('the reference profile has all that there is to measure over its transports', () => {
  const deployed = protocols.map((protocol) => {
    const { messageKinds } = protocol.deploy(protocol.leastFaults, counterService.create({}), {});
    return { name: protocol.name, messageKinds };
  });
  const named = services.map(({ name }) => name);
  for (const mac of ['hmac-sha256', 'blake3', 'blake2b', 'siphash-2-4']) {
    for (const transport of ['unix', 'tcp']) {
      expect(missingCosts(REFERENCE, { mac, transport, services: named, protocols: deployed })).toBeUndefined();
    }
  }
});

test('a profile that has everything lacks nothing', () => {
  expect(missingCosts(BARE, NEEDED)).toBeUndefined();
});

test("'*' stands for what is not named", () => {
  const open = { ...BARE, execute: { '*': COST }, steps: { '*': { replica: STEPS, client: STEPS } } };
  const needed = { ...NEEDED, services: ['nfs', 'kv'], protocols: [{ name: 'qu', messageKinds: ['anything'] }] };
  expect(missingCosts(open, needed)).toBeUndefined();
});

describe('what is missing is one line with what to do', () => {
  test.each<[string, Partial<NeededCosts>, string]>([
    [
      'a MAC suite',
      { mac: 'blake3' },
      "has no costs of MAC suite 'blake3'; it has hmac-sha256, siphash-2-4: choose one of them with --mac, or calibrate",
    ],
    [
      'a transport',
      { transport: 'tpc' },
      "has no costs of transport 'tpc' (did you mean 'tcp'?); it has tcp: choose a --topology that uses one of them, or calibrate",
    ],
    [
      'a service',
      { services: ['counter', 'nfs'] },
      "has no costs of executing service 'nfs'; it has counter: choose one of them with --service, or add '*'",
    ],
    [
      'a protocol',
      { protocols: [...NEEDED.protocols, { name: 'qu', messageKinds: [] }] },
      "has no costs of protocol 'qu'; it has pbft: choose among them with --protocols, or calibrate",
    ],
    [
      'a message kind',
      { protocols: [{ name: 'pbft', messageKinds: ['request', 'commit'] }] },
      "has no costs of receiving pbft's message 'commit'; it has request, prepare, reply in steps.pbft: calibrate, or add '*'",
    ],
    [
      'a name that every object has',
      { mac: 'constructor' },
      "has no costs of MAC suite 'constructor'; it has hmac-sha256, siphash-2-4: choose one of them with --mac, or calibrate",
    ],
  ])('%s', (_, needed, message) => {
    expect(missingCosts(BARE, { ...NEEDED, ...needed })).toBe(`cost profile bare ${message}`);
  });

  test('anything of a profile without entries', () => {
    const empty = { ...BARE, macs: {} };
    expect(missingCosts(empty, NEEDED)).toContain("MAC suite 'hmac-sha256'; it has none: ");
  });
});

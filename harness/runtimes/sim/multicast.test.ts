import { expect, test } from 'vitest';
import { Counter } from '../../../src/kernel/counters.ts';
import { SECOND } from '../../../src/kernel/time.ts';
import { type CostProfile, costProfile } from '../../costs/cost-profile.ts';
import { loadTopology } from '../../topologies/shipped-topologies.ts';
import { COUNTER_SPEC } from '../testing/specs.ts';
import { simRuntime } from './sim-runtime.ts';

const WRITE_US = 100;

/** Nothing costs anything but a write. */
function writesOnly(multicast: boolean): CostProfile {
  const free = { us: 0 };
  const steps = { received: {}, invoke: free, expire: free, send: free, execution: free };
  const transport = {
    coalesces: false,
    jitter: 0,
    turn: free,
    wake: free,
    wakeLatencyUs: 0,
    read: free,
    receive: free,
    send: free,
  };
  return costProfile.parse({
    format: 1,
    name: 'writes-only',
    summary: 'writes only',
    origin: 'published',
    machine: { cpu: 'none', cores: 1 },
    macs: { 'hmac-sha256': { generate: free, verify: free, digest: free } },
    encode: free,
    decode: free,
    execute: { '*': free },
    steps: { '*': { replica: steps, client: steps } },
    transports: { udp: { ...transport, multicast, write: { us: WRITE_US } } },
  });
}

async function writesPerRequest(multicast: boolean): Promise<number> {
  const simulation = {
    topology: loadTopology('cluster-2005-udp'),
    costs: writesOnly(multicast),
    crypto: 'modelled' as const,
  };
  const load = { clients: 1, outstanding: 1, drivers: 1, objects: 'private' as const, queryShare: 0 };
  const running = await simRuntime.launch(
    { ...COUNTER_SPEC, protocol: 'pbft', load, simulation },
    new AbortController().signal,
  );
  await running.startLoad();
  await running.advance(SECOND);
  const [primary] = await running.sample();
  await running.close();
  return (primary?.cpuUs ?? 0) / WRITE_US / (primary?.counters[Counter.handled] ?? 0);
}

test('by multicast a message to several receivers is written once, else once for each', async () => {
  // At f = 1 the primary writes a PRE-PREPARE and a COMMIT for three backups, and a reply; now and then a CHECKPOINT.
  expect(await writesPerRequest(true)).toBeCloseTo(3, 1);
  expect(await writesPerRequest(false)).toBeCloseTo(7, 1);
});

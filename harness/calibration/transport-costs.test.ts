import { expect, test } from 'vitest';
import { type RandomStream, randomStream } from '../node/random.ts';
import type { PlacedNodes, RoleWork } from './placed-nodes.ts';
import { fitTransport, type MachineFacts, type MeasuredPlacement } from './transport-costs.ts';

const PAUSE_US = 300;
const PAUSES = { everyUs: 3_000, pauseUs: PAUSE_US };
const MACHINE: MachineFacts = {
  waking: { interruptUs: 10, wakeLatencyUs: 30 },
  collector: { replica: PAUSES, client: PAUSES },
  probeUs: 100,
  cores: 2,
};

/** What the costs below make of some counts. */
const TRUE = {
  steps: 1.2,
  turn: 5,
  wake: 4,
  wakeIdle: 6,
  neighbour: 2,
  read: 3,
  write: 7,
  message: 0.5,
  kilobyte: 0.8,
};

/** Pauses of the garbage collector, for each operation. */
const COLLECTIONS = 0.01;

interface Counts extends Omit<RoleWork, 'cpuUs' | 'collections' | 'collectionUs'> {
  readonly stepsUs: number;
}

/** As different from each other as loads can be. */
function counts(role: RoleWork['role'], random: RandomStream): Counts {
  const some = (mean: number) => mean * (0.2 + 1.6 * random());
  return {
    role,
    stepsUs: some(60),
    turns: some(3),
    wakes: some(2),
    preemptions: some(1),
    reads: some(4),
    writes: some(5),
    messages: some(20),
    kilobytes: some(6),
  };
}

/** Nodes that were busy on half of the machine more than one core: of the other cores half is idle. */
const HALF_IDLE = 0.5;

function placement(index: number, nodes: number, probeUs = 100): MeasuredPlacement {
  const random = randomStream(1, index);
  const all = [counts('replica', random), counts('driver', random)];
  const elsewhere = (nodes - nodes / 2) / (nodes - 1);
  const idle = elsewhere * HALF_IDLE;
  const wakes = all.reduce((sum, one) => sum + one.wakes, 0);
  const preemptions = all.reduce((sum, one) => sum + one.preemptions, 0);
  const writes = all.reduce((sum, one) => sum + one.writes, 0);
  const roles = all.map(({ stepsUs, ...work }): RoleWork => {
    const interrupts = (work.writes / writes) * (wakes * idle + preemptions / 2);
    const neighbours = Math.min(5, nodes / 2 - 1);
    const us =
      TRUE.steps * stepsUs +
      TRUE.turn * work.turns +
      (TRUE.wake + TRUE.wakeIdle * idle + TRUE.neighbour * neighbours) * work.wakes +
      TRUE.read * work.reads +
      TRUE.write * work.writes +
      TRUE.message * work.messages +
      TRUE.kilobyte * work.kilobytes +
      MACHINE.waking.interruptUs * interrupts +
      COLLECTIONS * PAUSE_US;
    const slower = probeUs / MACHINE.probeUs;
    return { ...work, cpuUs: us * slower, collections: COLLECTIONS, collectionUs: 0 };
  });
  const cpuUs = roles.reduce((sum, work) => sum + work.cpuUs, 0);
  const placed: PlacedNodes = {
    placement: {
      protocol: 'unreplicated',
      faults: 0,
      clients: nodes === 2 ? 1 : 2,
      queryShare: 0,
      service: 'counter',
      serviceOptions: {},
      protocolOptions: {},
      drivers: 1,
    },
    nodes,
    roles,
    probeUs,
    elapsedUs: cpuUs / (1 + HALF_IDLE),
    latency: { meanUs: 110, p50Us: 100, p90Us: 100 + 12.816, p99Us: 200, p999Us: 300, maxUs: 400 },
  };
  return { placed, stepsUs: new Map(all.map(({ role, stepsUs }) => [role, stepsUs])) };
}

const placements = [2, 3, 6, 8, 12, 18, 2, 3, 6, 8, 12, 18].map((nodes, index) => placement(index, nodes));

test('costs that loads were made of are found again, and each load adds up', () => {
  const { costs, checks } = fitTransport(placements, MACHINE);
  expect(costs.steps).toBeCloseTo(TRUE.steps, 2);
  expect(costs.turn.us).toBeCloseTo(TRUE.turn, 1);
  expect(costs.wake).toMatchObject({
    us: expect.closeTo(TRUE.wake, 1) as number,
    usPerNeighbour: expect.closeTo(TRUE.neighbour, 1) as number,
  });
  expect(costs.wakeIdleUs).toBeCloseTo(TRUE.wakeIdle, 1);
  expect(costs.read.us).toBeCloseTo(TRUE.read, 1);
  expect(costs.write.us).toBeCloseTo(TRUE.write, 1);
  expect(costs.receive.us).toBeCloseTo(TRUE.message, 1);
  expect(costs.write.usPerKilobyte).toBeCloseTo(TRUE.kilobyte, 1);
  for (const { measuredUs, predictedUs } of checks) expect(predictedUs / measuredUs).toBeCloseTo(1, 2);
});

test('what was measured while the machine was slower counts for less', () => {
  const slower = placements.map((_, index) =>
    placement(index, [2, 3, 6, 8, 12, 18][index % 6] ?? 2, index % 2 ? 100 : 150),
  );
  expect(fitTransport(slower, MACHINE).costs).toEqual(fitTransport(placements, MACHINE).costs);
});

test('the interrupt is as measured, and so is waking without one client of one server', () => {
  const without = placements.filter(({ placed }) => placed.nodes > 2);
  expect(fitTransport(without, MACHINE).costs).toMatchObject(MACHINE.waking);
});

test('what half a trip takes beside its CPU time, the interrupt and the end of the turn, is waking; of several trips the median', () => {
  const waitsUs = [60, 12, 12];
  const trips = waitsUs.map((waitUs, index): MeasuredPlacement => {
    const { placed, stepsUs } = placement(placements.length + index, 2);
    const cpuUs = placed.roles.reduce((sum, work) => sum + work.cpuUs, 0);
    return { placed: { ...placed, elapsedUs: cpuUs + 2 * waitUs }, stepsUs };
  });
  const waits = [...trips, ...placements.filter(({ placed }) => placed.nodes > 2)];
  const { turn, interruptUs, wakeLatencyUs } = fitTransport(waits, MACHINE).costs;
  expect(wakeLatencyUs).toBeCloseTo(12 + turn.us + interruptUs, 1);
});

test('a trip that deviates by a tenth is made of four parts that deviate by a fifth; of several trips the median counts', () => {
  expect(fitTransport(placements, MACHINE).costs.jitter).toBeCloseTo(0.2, 6);
  const { placed, stepsUs } = placement(placements.length, 2);
  const odd = { placed: { ...placed, latency: { ...placed.latency, p90Us: 190 } }, stepsUs };
  expect(fitTransport([odd, ...placements], MACHINE).costs.jitter).toBeCloseTo(0.2, 6);
  expect(
    fitTransport(
      placements.filter(({ placed }) => placed.nodes > 2),
      MACHINE,
    ).costs.jitter,
  ).toBe(0);
});

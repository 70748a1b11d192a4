import { expect, test } from 'vitest';
import { randomStream } from '../../node/random.ts';
import { Agenda } from './agenda.ts';
import type { Core, CoreState, Scheduled } from './core.ts';
import { Machine } from './machine.ts';
import { VirtualTime } from './virtual-time.ts';

class TestNode implements Scheduled {
  virtualUs = 0;
  deadlineUs = 0;
  lagUs = 0;
  ranUntilUs = Number.NEGATIVE_INFINITY;
  readonly startedUs: number[] = [];
  interruptUs = 0;
  interrupts = 0;
  core: Core;

  constructor(machine: Machine) {
    this.core = machine.place();
  }

  start(atUs: number, _coreWas?: CoreState): number {
    this.startedUs.push(atUs);
    return atUs;
  }

  stop(_nowUs: number): void {}

  interruptCore(): number {
    this.interrupts++;
    return this.interruptUs;
  }
}

interface Burst {
  readonly us: number;
  /** Once it is done, while the node still has the core. */
  readonly then?: (worker: WorkingNode, nowUs: number) => void;
}

const WAKE_LATENCY_US = 10;

/** Has bursts of work, which others on its core interrupt. */
class WorkingNode extends TestNode {
  doneUs = 0;
  endedUs = 0;
  /** When it had which core. */
  readonly ran: { readonly core: Core; readonly fromUs: number; untilUs: number }[] = [];
  readonly #agenda: Agenda;
  readonly #machine: Machine;
  readonly #bursts: Burst[] = [];
  #isAsleep = true;

  constructor(time: VirtualTime, machine: Machine) {
    super(machine);
    this.#machine = machine;
    this.#agenda = new Agenda(time);
  }

  give(burst: Burst, nowUs: number, waker?: WorkingNode): void {
    this.#bursts.push(burst);
    if (!this.#isAsleep) return;
    this.#isAsleep = false;
    this.#machine.wake(this, nowUs, waker);
  }

  override start(atUs: number, coreWas?: CoreState): number {
    const startUs = coreWas === 'asleep' ? atUs + WAKE_LATENCY_US : atUs;
    this.ran.push({ core: this.core, fromUs: startUs, untilUs: Number.NaN });
    if (this.#agenda.isEmpty) this.#begin(startUs);
    else this.#agenda.resume(startUs);
    return startUs;
  }

  override stop(nowUs: number): void {
    this.#end(nowUs);
    this.#agenda.suspend(nowUs);
  }

  override interruptCore(): number {
    this.#agenda.delay(super.interruptCore());
    return this.interruptUs;
  }

  #begin(nowUs: number): void {
    this.#agenda.add(nowUs + (this.#bursts[0]?.us ?? 0), { happen: (endUs) => this.#finish(endUs) });
  }

  #finish(nowUs: number): void {
    const burst = this.#bursts.shift();
    if (burst === undefined) {
      this.#end(nowUs);
      this.#isAsleep = true;
      return this.core.sleep(nowUs);
    }
    this.doneUs += burst.us;
    this.endedUs = nowUs;
    // Whom it wakes may take its core at once: what comes next waits on the agenda.
    this.#agenda.add(nowUs, { happen: (laterUs) => this.#begin(laterUs) });
    burst.then?.(this, nowUs);
  }

  #end(nowUs: number): void {
    const last = this.ran.at(-1);
    if (last !== undefined) last.untilUs = nowUs;
  }

  /** For how long two of them had one core. */
  static overlapUs(nodes: readonly WorkingNode[], cores: number): number {
    const byCore = new Map<Core, { readonly fromUs: number; readonly untilUs: number }[]>();
    for (const { core, ...span } of nodes.flatMap(({ ran }) => ran))
      byCore.set(core, [...(byCore.get(core) ?? []), span]);
    expect(byCore.size).toBeLessThanOrEqual(cores);
    let overlapUs = 0;
    for (const spans of byCore.values()) {
      spans.sort((one, other) => one.fromUs - other.fromUs || one.untilUs - other.untilUs);
      for (const [index, { fromUs }] of spans.entries()) {
        overlapUs += Math.max(0, (spans[index - 1]?.untilUs ?? 0) - fromUs);
      }
    }
    return overlapUs;
  }
}

function machineWith(nodes: number, timeSliceUs = 1_400, cores = 2) {
  const time = new VirtualTime();
  const machine = new Machine(time, cores, timeSliceUs);
  const all = Array.from({ length: nodes }, () => new TestNode(machine));
  const node = (index: number): TestNode => {
    const found = all[index];
    if (found === undefined) throw new Error(`no node ${index}`);
    return found;
  };
  return { time, machine, node };
}

/** Both cores work for long enough that the machine counts as busy. */
function busyMachine(timeSliceUs?: number) {
  const { time, machine, node } = machineWith(4, timeSliceUs);
  machine.wake(node(0), 0);
  machine.wake(node(1), 0);
  time.runUntil(100_000, 1_000);
  return { time, machine, node };
}

test('while little is going on, a node that wakes on a busy core goes to an idle one', () => {
  const { machine, node } = machineWith(4);
  machine.wake(node(0), 0);
  machine.wake(node(2), 10);
  expect(node(2).core).toBe(node(1).core);
  expect(node(2).startedUs).toEqual([10]);
});

test('on a busy machine it waits at the core that it ran on last, though another is idle', () => {
  const { machine, node } = busyMachine();
  node(1).core.sleep(100_010);
  machine.wake(node(2), 100_020);
  expect(node(2).core).toBe(node(0).core);
  expect(node(2).startedUs).toEqual([]);
});

test('a core that runs out of work does not look elsewhere before the next tick', () => {
  const { time, machine, node } = busyMachine(1e6);
  node(2).ranUntilUs = 99_000;
  machine.wake(node(2), 100_000);
  node(1).core.sleep(100_010);
  time.runUntil(103_999, 1_000);
  expect(node(2).startedUs).toEqual([]);
  time.runUntil(104_000, 1_000);
  expect(node(2).startedUs).toEqual([104_000]);
  expect(node(2).core).toBe(node(1).core);
});

test('who wakes a node on an idle core elsewhere takes the time of an interrupt', () => {
  const { machine, node } = busyMachine();
  node(1).core.sleep(100_010);
  machine.wake(node(3), 100_020, node(0));
  expect(node(0).interrupts).toBe(1);
  expect(node(3).startedUs).toEqual([100_020]);
});

/** Node 3 is behind node 1, on whose core it is: it will interrupt. */
function behindElsewhere(interruptUs = 15) {
  const test = busyMachine(1e6);
  const { node } = test;
  node(0).interruptUs = interruptUs;
  node(3).lagUs = 100;
  return test;
}

test('who interrupts a core elsewhere takes the time for it, and who runs there goes on until then', () => {
  const { time, machine, node } = behindElsewhere();
  machine.wake(node(3), 100_020, node(0));
  time.runUntil(100_034, 1_000);
  expect(node(3).startedUs).toEqual([]);
  time.runUntil(100_035, 1_000);
  expect(node(3).startedUs).toEqual([100_035]);
  expect(node(0).interrupts).toBe(1);
});

test('a core to which an interrupt is on its way is not interrupted again', () => {
  const { machine, node } = behindElsewhere();
  node(2).core = node(3).core;
  node(2).lagUs = 200;
  machine.wake(node(3), 100_020, node(0));
  machine.wake(node(2), 100_022, node(0));
  expect(node(0).interrupts).toBe(1);
});

test('who wakes another on its own core interrupts it at once, and no other core', () => {
  const { machine, node } = behindElsewhere();
  machine.wake(node(3), 100_020, node(1));
  expect(node(3).startedUs).toEqual([100_020]);
  expect(node(1).interrupts).toBe(0);
});

test('nodes are put where the machine is told, then on one core after the other', () => {
  const machine = new Machine(new VirtualTime(), 2, 1_400, [1, 1, 0]);
  const [one, other, third, fourth, fifth] = Array.from({ length: 5 }, () => new TestNode(machine).core);
  expect(other).toBe(one);
  expect(third).not.toBe(one);
  expect([fourth, fifth]).toEqual([one, third]);
});

/** Beside an idle core a node has the other one, with so long a slice that a second, which wakes at 103,990, waits behind it. */
function idleBesideWaiting() {
  const test = busyMachine(1e6);
  const { time, machine, node } = test;
  node(1).core.sleep(100_010);
  machine.wake(node(2), 103_990);
  const waitsAfterTick = (waiting: TestNode, nowUs: number) => {
    waiting.ranUntilUs = nowUs - 10;
    time.runUntil(nowUs, 1_000);
    return waiting.core !== node(1).core;
  };
  return { ...test, waitsAfterTick };
}

test('at the third tick in a row an idle core takes also what has just run', () => {
  const { node, waitsAfterTick } = idleBesideWaiting();
  expect([104_000, 108_000, 112_000].map((nowUs) => waitsAfterTick(node(2), nowUs))).toEqual([true, true, false]);
});

test('a tick at which nobody waits begins the count anew', () => {
  const { machine, node, waitsAfterTick } = idleBesideWaiting();
  expect(waitsAfterTick(node(2), 104_000)).toBe(true);
  node(0).core.sleep(105_000);
  expect(waitsAfterTick(node(2), 108_000)).toBe(true);
  machine.wake(node(0), 110_000);
  const waiting = node(0).core.waiting.includes(node(0)) ? node(0) : node(2);
  const later = [112_000, 116_000, 120_000].map((nowUs) => waitsAfterTick(waiting, nowUs));
  expect(later).toEqual([true, true, false]);
});

/** As `busyMachine`, and nodes 1 and 2 have each woken one other. */
function acquainted() {
  const { time, machine, node } = machineWith(4);
  machine.wake(node(3), 0, node(2));
  node(3).core.sleep(10);
  machine.wake(node(2), 20, node(1));
  node(2).core.sleep(30);
  machine.wake(node(0), 40);
  machine.wake(node(1), 40);
  time.runUntil(100_000, 1_000);
  return { machine, node };
}

test('who runs alone draws whom it wakes away from a busy core', () => {
  const { machine, node } = acquainted();
  machine.wake(node(2), 100_010, node(1));
  expect(node(2).core).toBe(node(1).core);
});

test('whoever wakes nobody itself is not drawn', () => {
  const { machine, node } = acquainted();
  machine.wake(node(3), 100_010, node(0));
  expect(node(3).core).toBe(node(1).core);
});

test('who has others waiting behind it draws nobody', () => {
  const { machine, node } = acquainted();
  machine.wake(node(3), 100_010);
  machine.wake(node(2), 100_020, node(1));
  expect(node(2).core).toBe(node(0).core);
});

test('a node whose core is idle wakes there', () => {
  const { machine, node } = acquainted();
  node(0).core.sleep(100_010);
  machine.wake(node(2), 100_020, node(1));
  expect(node(2).core).toBe(node(0).core);
});

test('of many cores as many are looked at as the utilisation allows, from the next one on', () => {
  const { machine, node } = machineWith(9, 1_400, 4);
  for (const index of [0, 1, 2]) machine.wake(node(index), 0);
  machine.wake(node(4), 10);
  expect(node(4).core).toBe(node(3).core);
});

/** Bursts of work at random times on some cores, half of which set off another: whatever interrupts and moves them, all are done, and none sooner than the cores allow. */
test.each([1, 2, 3, 8])('on %s cores no work is lost, and no core does two things at once', (cores) => {
  let interrupts = 0;
  for (let seed = 1; seed <= 20; seed++) {
    const time = new VirtualTime();
    const machine = new Machine(time, cores, 1_400);
    const random = randomStream(seed, cores);
    const nodes = Array.from({ length: 7 }, () => new WorkingNode(time, machine));
    for (const node of nodes) node.interruptUs = 15;
    const any = () => nodes[Math.floor(random() * nodes.length)];
    let workUs = 0;
    const someUs = () => {
      const us = Math.ceil(random() ** 3 * 2_000);
      workUs += us;
      return us;
    };
    for (let burst = 0; burst < 400; burst++) {
      const node = any();
      const us = someUs();
      const called = any();
      const calledUs = random() < 0.5 ? someUs() : undefined;
      const then = (worker: WorkingNode, nowUs: number) => {
        if (calledUs !== undefined && called !== worker) called?.give({ us: calledUs }, nowUs, worker);
        else if (calledUs !== undefined) worker.give({ us: calledUs }, nowUs);
      };
      time.at(random() * 50_000, { happen: (nowUs) => node?.give({ us, then }, nowUs) });
    }
    time.runUntil(2_000_000, 1e6);
    const done = nodes.reduce((sum, node) => sum + node.doneUs, 0);
    expect(done, `seed ${seed}`).toBe(workUs);
    expect(Math.max(...nodes.map(({ endedUs }) => endedUs))).toBeGreaterThanOrEqual(workUs / cores);
    expect(WorkingNode.overlapUs(nodes, cores), `seed ${seed}`).toBeLessThan(1e-3);
    interrupts += nodes.reduce((sum, node) => sum + node.interrupts, 0);
  }
  if (cores === 1) expect(interrupts).toBe(0);
  else expect(interrupts).toBeGreaterThan(50);
});

import { expect, test } from 'vitest';
import type { Core, Scheduled } from './core.ts';
import { Machine } from './machine.ts';
import { VirtualTime } from './virtual-time.ts';

class TestNode implements Scheduled {
  virtualUs = 0;
  deadlineUs = 0;
  lagUs = 0;
  ranUntilUs = Number.NEGATIVE_INFINITY;
  readonly startedUs: number[] = [];
  core: Core;

  constructor(machine: Machine) {
    this.core = machine.place();
  }

  start(nowUs: number): number {
    this.startedUs.push(nowUs);
    return nowUs;
  }

  stop(): void {}
}

function machineWith(nodes: number, timeSliceUs = 1_400) {
  const time = new VirtualTime();
  const machine = new Machine(time, 2, timeSliceUs);
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
  machine.sleep(node(1), 100_010);
  machine.wake(node(2), 100_020);
  expect(node(2).core).toBe(node(0).core);
  expect(node(2).startedUs).toEqual([]);
});

test('a core that runs out of work takes a node that waits elsewhere, if it has not just run there', () => {
  const { machine, node } = busyMachine();
  node(2).ranUntilUs = 99_900;
  machine.wake(node(2), 100_000);
  machine.sleep(node(1), 100_010);
  expect(node(2).startedUs).toEqual([]);
  machine.wake(node(1), 100_450);
  machine.sleep(node(1), 100_500);
  expect(node(2).startedUs).toEqual([100_500]);
  expect(node(2).core).toBe(node(1).core);
});

test('after some ticks an idle core takes also what has just run', () => {
  // So long a slice that the node does not get its turn where it waits.
  const { time, machine, node } = busyMachine(1e6);
  machine.sleep(node(1), 100_010);
  for (let tick = 0; tick < 4 && node(2).startedUs.length === 0; tick++) {
    const nowUs = 104_000 + tick * 4_000;
    node(2).ranUntilUs = nowUs - 10;
    if (tick === 0) machine.wake(node(2), nowUs - 10);
    time.runUntil(nowUs, 1_000);
  }
  expect(node(2).core).toBe(node(1).core);
});

import { expect, test } from 'vitest';
import { Core, type CoreState, type Scheduled } from './core.ts';

const SLICE_US = 1_000;

class TestNode implements Scheduled {
  virtualUs = 0;
  deadlineUs = 0;
  lagUs = 0;
  ranUntilUs = 0;
  core: Core;
  wakeLatencyUs = 0;
  readonly log: string[];
  readonly #name: string;

  constructor(name: string, core: Core, log: string[]) {
    this.#name = name;
    this.core = core;
    this.log = log;
  }

  start(atUs: number, coreWas: CoreState): number {
    this.log.push(`${atUs} ${this.#name} ${coreWas === 'asleep' ? 'wakes the core' : 'runs'}`);
    return coreWas === 'asleep' ? atUs + this.wakeLatencyUs : atUs;
  }

  stop(nowUs: number): void {
    this.log.push(`${nowUs} ${this.#name} stops`);
  }
}

function nodesOn(core: Core) {
  const log: string[] = [];
  return { log, one: new TestNode('one', core, log), other: new TestNode('other', core, log) };
}

/** A core with two nodes that woke at once: one runs, the other waits. */
function bothAwake() {
  const core = new Core(SLICE_US);
  const nodes = nodesOn(core);
  core.wake(nodes.one, 0);
  core.wake(nodes.other, 0);
  return { core, ...nodes };
}

test('a node that wakes does not interrupt one that has had no more than it', () => {
  const core = new Core(SLICE_US);
  const { log, one, other } = nodesOn(core);
  core.wake(one, 0);
  core.wake(other, 100);
  core.sleep(300);
  expect(log).toEqual(['0 one wakes the core', '300 other runs']);
});

test('a node that waited, and had less than the others, interrupts when it wakes again', () => {
  const { core, log, one, other } = bothAwake();
  // One has had 400 µs, the other 10: it is behind.
  core.sleep(400);
  core.wake(one, 405);
  core.sleep(410);
  log.length = 0;
  core.wake(other, 500);
  expect(log).toEqual(['500 one stops', '500 other runs']);
  expect(one.ranUntilUs).toBe(500);
  core.sleep(520);
  expect(log.at(-1)).toBe('520 one runs');
});

test('who slept while it was ahead is still ahead when it wakes, until the others have caught up', () => {
  const { core, log, one, other } = bothAwake();
  core.sleep(400);
  log.length = 0;
  core.wake(one, 450);
  expect(log).toEqual([]);
  expect(one.virtualUs).toBeGreaterThan(other.virtualUs);
  const late = bothAwake();
  late.core.sleep(400);
  late.core.tick(1_500);
  late.core.wake(late.one, 1_500);
  expect(late.one.virtualUs).toBe(late.other.virtualUs);
});

test('of two that always have work each gets half, in time slices that end at ticks', () => {
  const { core, log, one, other } = bothAwake();
  for (let tick = 1; tick <= 100; tick++) core.tick(tick * 4_000);
  expect(log.slice(0, 3)).toEqual(['0 one wakes the core', '4000 one stops', '4000 other runs']);
  expect(Math.abs(one.virtualUs - other.virtualUs)).toBeLessThanOrEqual(2 * 4_000);
  expect(core.takeBusyUs(400_000)).toBe(400_000);
});

test('a node that is given to another core takes its lag with it', () => {
  const [from, to] = [new Core(SLICE_US), new Core(SLICE_US)];
  const { log, one, other } = nodesOn(from);
  const busy = new TestNode('busy', to, log);
  from.wake(one, 0);
  from.wake(other, 0);
  to.wake(busy, 0);
  from.remove(other, 400);
  to.adopt(other, 400, 'awake');
  expect(other.core).toBe(to);
  expect(from.runnable).toBe(1);
  expect(log.slice(-2)).toEqual(['400 busy stops', '400 other runs']);
});

test('who interrupts another that is still waking the core has to wait for that, too', () => {
  const core = new Core(SLICE_US);
  const { log, one, other } = nodesOn(core);
  one.wakeLatencyUs = 30;
  // The other is behind from before.
  core.wake(other, 0);
  core.wake(one, 0);
  core.sleep(10);
  core.sleep(200);
  other.lagUs = 50;
  log.length = 0;
  core.wake(one, 300);
  core.wake(other, 310);
  expect(log).toEqual(['300 one wakes the core', '330 one stops', '330 other runs']);
  expect(one.ranUntilUs).toBe(200);
  expect(core.takeBusyUs(340)).toBe(200 + 10);
});

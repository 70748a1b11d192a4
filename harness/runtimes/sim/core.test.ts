import { expect, test } from 'vitest';
import { type RandomStream, randomStream } from '../../node/random.ts';
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

  interruptCore(): number {
    throw new Error('a core interrupts no other');
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

test('of one that ran alone for longer than a slice and one that wakes, level with it, the latter runs', () => {
  const core = new Core(SLICE_US);
  const { log, one, other } = nodesOn(core);
  core.wake(one, 0);
  core.wake(other, 2_000);
  expect(log).toEqual(['0 one wakes the core', '2000 one stops', '2000 other runs']);
});

test('who ran alone is not interrupted because its slice is used up, if the next one ends before that of who wakes', () => {
  const core = new Core(SLICE_US);
  const { log, one, other } = nodesOn(core);
  core.wake(one, 0);
  core.tick(4_000);
  expect(core.wake(other, 4_500, true)).toBeUndefined();
  expect(log).toEqual(['0 one wakes the core']);
});

/** One runs; the others are behind it, and would interrupt it. */
function runningBeside(wakeLatencyUs = 0) {
  const core = new Core(SLICE_US);
  const log: string[] = [];
  const [one, other, third] = ['one', 'other', 'third'].map((name) => new TestNode(name, core, log));
  if (one === undefined || other === undefined || third === undefined) throw new Error('three were made');
  one.wakeLatencyUs = wakeLatencyUs;
  core.wake(one, 0);
  other.lagUs = 100;
  third.lagUs = 500;
  log.length = 0;
  return { core, log, other, third };
}

test('from elsewhere who runs is interrupted when the interrupt is there, and once for all who wake meanwhile', () => {
  const { core, log, other, third } = runningBeside();
  const interrupt = core.wake(other, 100, true);
  expect(core.wake(third, 105, true)).toBeUndefined();
  expect(log).toEqual([]);
  interrupt?.happen(115);
  expect(log).toEqual(['115 one stops', '115 third runs']);
});

test('an interrupt that is late, as the core has changed hands, does not do for the next one', () => {
  const { core, log, other, third } = runningBeside();
  const late = core.wake(other, 100, true);
  core.sleep(104);
  const next = core.wake(third, 110, true);
  late?.happen(115);
  expect(log).toEqual(['104 other runs']);
  next?.happen(125);
  expect(log).toEqual(['104 other runs', '125 other stops', '125 third runs']);
});

test('after one interrupt there can be another', () => {
  const { core, log, other, third } = runningBeside();
  core.wake(other, 100, true)?.happen(115);
  log.length = 0;
  core.wake(third, 120, true)?.happen(135);
  expect(log).toEqual(['135 other stops', '135 third runs']);
});

test('a core that is still waking is not interrupted: it looks who is to run when it is awake', () => {
  const { core, log, other } = runningBeside(30);
  expect(core.wake(other, 10, true)).toBeUndefined();
  expect(log).toEqual(['30 one stops', '30 other runs']);
});

test('a node that is given to another core takes its lag with it', () => {
  const [from, to] = [new Core(SLICE_US), new Core(SLICE_US)];
  const { log, one, other } = nodesOn(from);
  const busy = new TestNode('busy', to, log);
  from.wake(one, 0);
  from.wake(other, 0);
  to.wake(busy, 0);
  from.remove(other, 400);
  to.adopt(other, 400);
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

/** Nodes that work in bursts, and say when they have the core. */
class Worker extends TestNode {
  isOn = false;
  /** Of what it has to do. */
  leftUs = 0;
  #sinceUs = 0;

  override start(atUs: number): number {
    this.isOn = true;
    this.#sinceUs = atUs;
    return atUs;
  }

  override stop(nowUs: number): void {
    this.isOn = false;
    this.leftUs -= nowUs - this.#sinceUs;
  }

  begin(us: number, nowUs: number): void {
    this.leftUs = us;
    this.#sinceUs = nowUs;
  }
}

function workers() {
  const core = new Core(1_400);
  return { core, one: new Worker('one', core, []), other: new Worker('other', core, []) };
}

/** Times that are not quite the same each time, as real ones: where two are exactly level, the next µs decides. */
function somewhat(random: RandomStream): (us: number) => number {
  return (us) => us * (0.95 + 0.1 * random());
}

/**
 * One wakes the other in the midst of its work, and sleeps for long when it is done, as does the other. The share of the wakes at which the other
 * interrupts.
 */
function interruptsOfCaller(beforeUs: number, afterUs: number, otherUs: number): number {
  const { core, one, other } = workers();
  const about = somewhat(randomStream(1, 0));
  const rounds = 2_000;
  let nowUs = 0;
  let interrupts = 0;
  for (let round = 0; round < rounds; round++) {
    core.wake(one, nowUs);
    nowUs += about(beforeUs);
    core.wake(other, nowUs);
    const interrupted = other.isOn;
    if (interrupted) interrupts++;
    for (const us of interrupted ? [otherUs, afterUs] : [afterUs, otherUs]) {
      nowUs += about(us);
      core.sleep(nowUs);
    }
    other.isOn = false;
    nowUs += 400;
  }
  return interrupts / rounds;
}

// Measured on one core of Linux 6.18 (EEVDF, slices of 1.4 ms), with two processes, a Unix socket and epoll; 2,000 wakes each.
test.each([
  { beforeUs: 30, afterUs: 50, otherUs: 20, measured: 0.67 },
  { beforeUs: 100, afterUs: 50, otherUs: 20, measured: 0.67 },
  { beforeUs: 30, afterUs: 50, otherUs: 80, measured: 0.01 },
  { beforeUs: 30, afterUs: 50, otherUs: 200, measured: 0 },
  { beforeUs: 200, afterUs: 200, otherUs: 20, measured: 0.9 },
])(
  'who is called interrupts as often as a process of Linux: $measured of the calls, $beforeUs + $afterUs µs for $otherUs',
  (times) => {
    expect(interruptsOfCaller(times.beforeUs, times.afterUs, times.otherUs)).toBeCloseTo(times.measured, 1);
  },
);

/** Two that call each other in turn: each works, wakes the other, and has a little left to do. */
class Dialogue {
  readonly #one: Worker;
  readonly #other: Worker;
  readonly #core: Core;
  readonly #workUs: (worker: Worker) => number;
  readonly #afterUs: () => number;
  readonly #asleep = new Set<Worker>();
  readonly #called = new Set<Worker>();
  readonly #hasCalled = new Set<Worker>();
  readonly #interrupted: Worker[] = [];
  #rounds = 0;
  #nowUs = 0;

  constructor(oneUs: number, otherUs: number, afterUs: number) {
    const { core, one, other } = workers();
    const about = somewhat(randomStream(1, 0));
    [this.#core, this.#one, this.#other] = [core, one, other];
    this.#workUs = (worker) => about(worker === one ? oneUs : otherUs);
    this.#afterUs = () => about(afterUs);
    this.#asleep.add(one).add(other);
    this.#wake(one);
  }

  /** The shares of rounds in which each is interrupted. */
  shares(rounds: number): readonly [one: number, other: number] {
    while (this.#rounds < rounds) this.#step();
    const share = (worker: Worker) => this.#interrupted.filter((each) => each === worker).length / rounds;
    return [share(this.#one), share(this.#other)];
  }

  #step(): void {
    const [runs, rests] = this.#one.isOn ? [this.#one, this.#other] : [this.#other, this.#one];
    this.#nowUs += runs.leftUs;
    if (!this.#hasCalled.has(runs)) this.#call(runs, rests);
    else this.#end(runs);
  }

  #call(caller: Worker, called: Worker): void {
    this.#hasCalled.add(caller);
    caller.begin(this.#afterUs(), this.#nowUs);
    if (caller === this.#one) this.#rounds++;
    if (!this.#asleep.has(called)) this.#called.add(called);
    else if (this.#wake(called)) this.#interrupted.push(caller);
  }

  #wake(worker: Worker): boolean {
    this.#asleep.delete(worker);
    worker.leftUs = this.#workUs(worker);
    this.#core.wake(worker, this.#nowUs);
    return worker.isOn;
  }

  #end(worker: Worker): void {
    this.#hasCalled.delete(worker);
    if (this.#called.delete(worker)) return worker.begin(this.#workUs(worker), this.#nowUs);
    this.#asleep.add(worker);
    worker.isOn = false;
    this.#core.sleep(this.#nowUs);
  }
}

// Measured as above, 20,000 rounds: the busier one was interrupted each time, and never the other; of equals, one or the other.
test.each([
  { oneUs: 50, otherUs: 20, measured: [1, 0] },
  { oneUs: 20, otherUs: 50, measured: [0, 1] },
] as const)('of two that call each other the busier is interrupted: $oneUs µs and $otherUs µs', (times) => {
  const [one, other] = new Dialogue(times.oneUs, times.otherUs, 6).shares(2_000);
  expect(one).toBeCloseTo(times.measured[0], 1);
  expect(other).toBeCloseTo(times.measured[1], 1);
});

test('of equals that call each other one is interrupted in each round', () => {
  const [one, other] = new Dialogue(30, 30, 6).shares(2_000);
  expect(one + other).toBeCloseTo(1, 1);
});

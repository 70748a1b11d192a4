import { randomStream } from '../node/random.ts';
import { EventQueue } from '../runtimes/sim/event-queue.ts';
import { type MicroBenchmark, stepBenchmark } from './micro-benchmark.ts';

/** Events that wait while one is handled: of a handful of clients, of thousands, and what a network full of messages would hold. */
const PENDING = [100, 10_000, 1_000_000];
const MOST_AHEAD_US = 1_000;

/** What the simulator does for every event, beside what the event brings about. */
export function simulatorBenchmarks(): readonly MicroBenchmark[] {
  return PENDING.map((pending) => {
    const random = randomStream(1, pending);
    const queue = new EventQueue<number>();
    const fill = () => {
      while (queue.size < pending) queue.push(random() * MOST_AHEAD_US, queue.size);
    };
    return stepBenchmark('sim', `take an event and schedule another, ${pending} pending`, () => {
      if (queue.size === 0) fill();
      const nowUs = queue.peekTime() ?? 0;
      const event = queue.pop() ?? 0;
      queue.push(nowUs + random() * MOST_AHEAD_US, event);
      return event;
    });
  });
}

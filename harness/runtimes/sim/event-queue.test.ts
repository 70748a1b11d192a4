import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EventQueue } from './event-queue.ts';

function drained<Event>(queue: EventQueue<Event>): { atUs: number | undefined; event: Event | undefined }[] {
  const events: { atUs: number | undefined; event: Event | undefined }[] = [];
  while (queue.size > 0) events.push({ atUs: queue.peekTime(), event: queue.pop() });
  return events;
}

test('an empty queue has no time and no event', () => {
  const queue = new EventQueue<string>();
  expect([queue.size, queue.peekTime(), queue.pop()]).toEqual([0, undefined, undefined]);
  queue.push(1, 'one');
  expect([queue.size, queue.peekTime(), queue.pop()]).toEqual([1, 1, 'one']);
  expect([queue.size, queue.peekTime(), queue.pop()]).toEqual([0, undefined, undefined]);
});

test('events of one instant come in the order in which they were scheduled', () => {
  const queue = new EventQueue<number>();
  for (let event = 0; event < 5_000; event++) queue.push(event % 3, event);
  const all = Array.from({ length: 5_000 }, (_, event) => ({ atUs: event % 3, event }));
  expect(drained(queue)).toEqual(all.sort((a, b) => a.atUs - b.atUs));
});

/** A number is a push at that many µs from the last event taken, 'pop' takes the next. Few different times: ties are the point. */
const steps = fc.array(fc.oneof(fc.nat({ max: 20 }), fc.constant('pop' as const)), { maxLength: 400 });

test('whatever is pushed and popped in between, the next event is the earliest, and of those the first scheduled', () => {
  fc.assert(
    fc.property(steps, (given) => {
      const queue = new EventQueue<number>();
      const expected: { atUs: number; event: number }[] = [];
      let now = 0;
      for (const [event, step] of given.entries()) {
        if (step === 'pop') {
          const next = expected.shift();
          expect({ atUs: queue.peekTime(), event: queue.pop() }).toEqual({ atUs: next?.atUs, event: next?.event });
          now = next?.atUs ?? now;
        } else {
          queue.push(now + step, event);
          expected.push({ atUs: now + step, event });
          expected.sort((a, b) => a.atUs - b.atUs);
        }
      }
      expect(drained(queue)).toEqual(expected);
    }),
  );
});

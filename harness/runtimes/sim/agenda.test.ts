import { expect, test } from 'vitest';
import { Agenda } from './agenda.ts';
import { VirtualTime } from './virtual-time.ts';

function agendaWithLog() {
  const time = new VirtualTime();
  const log: string[] = [];
  const agenda = new Agenda(time);
  const note = (what: string) => ({ happen: (nowUs: number) => log.push(`${nowUs} ${what}`) });
  return { time, log, agenda, note };
}

test('what is added happens at its time, in order', () => {
  const { time, log, agenda, note } = agendaWithLog();
  agenda.add(10, note('first'));
  agenda.add(10, note('second'));
  agenda.add(25, note('third'));
  time.runUntil(30, 100);
  expect(log).toEqual(['10 first', '10 second', '25 third']);
  expect(agenda.isEmpty).toBe(true);
});

test('while it is suspended nothing happens, and afterwards all of it so much later', () => {
  const { time, log, agenda, note } = agendaWithLog();
  agenda.add(10, note('first'));
  agenda.add(20, note('second'));
  time.at(12, { happen: (nowUs) => agenda.suspend(nowUs) });
  time.at(50, { happen: (nowUs) => agenda.resume(nowUs) });
  time.runUntil(100, 100);
  expect(log).toEqual(['10 first', '58 second']);
});

test('a part that suspends the agenda, or delays it, moves the parts after it', () => {
  const { time, log, agenda, note } = agendaWithLog();
  agenda.add(10, { happen: () => agenda.delay(5) });
  agenda.add(20, { happen: (nowUs) => agenda.suspend(nowUs) });
  agenda.add(30, note('last'));
  time.at(40, { happen: (nowUs) => agenda.resume(nowUs) });
  time.runUntil(100, 100);
  expect(log).toEqual(['50 last']);
});

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

test('what is due in the very moment of a suspension happens when that is over, whatever rounding makes of its time', () => {
  for (let trial = 1; trial <= 200; trial++) {
    const { time, log, agenda, note } = agendaWithLog();
    const atUs = trial / 7;
    agenda.add(atUs, { happen: (nowUs) => agenda.suspend(nowUs) });
    agenda.add(atUs, note('last'));
    time.at(atUs * 3.3, { happen: (nowUs) => agenda.resume(nowUs) });
    time.runUntil(1_000, 100);
    expect(log).toHaveLength(1);
  }
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

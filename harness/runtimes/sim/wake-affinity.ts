import type { Microseconds } from '../../../src/kernel/time.ts';
import type { Scheduled } from './core.ts';

interface Habit {
  lastWoken: Scheduled | undefined;
  /** How often it has changed whom it wakes; halved now and then. */
  changes: number;
  halvedUs: Microseconds;
}

/** A node's count is halved when it wakes another after so long. */
const HALVED_AFTER_US = 1e6;

/**
 * Whether a node that wakes another may draw it to its own core (`wake_wide` of Linux): only if the two change whom they wake about as often. Who wakes
 * many, each of which wakes but few, would draw all of them to one place.
 *
 * The kernel lets a node also be drawn that has hardly changed at all whom it wakes. In traces of validated loads none ever was, of some thousand wakes of
 * client drivers and by them: what every process wakes beside nodes, its parent and threads of its own, seems to make up for it. So it is left out.
 */
export class WakeAffinity {
  /** Cores that share a cache: here, all. */
  readonly #cores: number;
  readonly #habits = new Map<Scheduled, Habit>();

  constructor(cores: number) {
    this.#cores = cores;
  }

  record(waker: Scheduled, woken: Scheduled, nowUs: Microseconds): void {
    const habit = this.#habitOf(waker, nowUs);
    if (nowUs > habit.halvedUs + HALVED_AFTER_US) {
      habit.changes = Math.floor(habit.changes / 2);
      habit.halvedUs = nowUs;
    }
    if (habit.lastWoken === woken) return;
    habit.lastWoken = woken;
    habit.changes++;
  }

  mayDraw(waker: Scheduled, woken: Scheduled): boolean {
    const changes = this.#changesOf(waker);
    const others = this.#changesOf(woken);
    return Math.max(changes, others) < this.#cores * Math.min(changes, others);
  }

  #habitOf(node: Scheduled, nowUs: Microseconds): Habit {
    const known = this.#habits.get(node);
    if (known !== undefined) return known;
    const habit = { lastWoken: undefined, changes: 0, halvedUs: nowUs };
    this.#habits.set(node, habit);
    return habit;
  }

  #changesOf(node: Scheduled): number {
    return this.#habits.get(node)?.changes ?? 0;
  }
}

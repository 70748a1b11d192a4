import type { ParticipantId } from '../../../src/kernel/identifiers.ts';
import { type RandomStream, randomStream } from '../../node/random.ts';
import type { Simulation } from './simulation.ts';

const FORGER_STREAM = -3;
/** Messages of others that it keeps to splice and to repeat. */
const KEPT = 32;

/**
 * Someone on the network without keys: sends messages that it saw again, late, damaged, cut, prolonged, spliced from two, under another
 * sender's number, and plain noise. No correct participant may be led astray by any of it.
 */
export class Forger {
  readonly #simulation: Simulation;
  readonly #random: RandomStream;
  readonly #probability: number;
  readonly #seen: Uint8Array[] = [];
  forgeries = 0;
  #forging = false;

  constructor(simulation: Simulation, probability: number) {
    this.#simulation = simulation;
    this.#random = randomStream(simulation.seed, FORGER_STREAM);
    this.#probability = probability;
  }

  /** To be shown every message that is sent. */
  see(from: ParticipantId, to: ParticipantId, bytes: Uint8Array): void {
    if (this.#forging || this.#random() >= this.#probability) return;
    const earlier = this.#any(this.#seen) ?? bytes;
    this.#seen[Math.floor(this.#random() * KEPT)] = Uint8Array.from(bytes);
    this.#forging = true;
    this.forgeries++;
    this.#simulation.deliver(this.#sender(from, to), to, this.#forge(bytes, earlier));
    this.#forging = false;
  }

  #sender(from: ParticipantId, to: ParticipantId): ParticipantId {
    return this.#any([from, from, to, 0, 1, from + 1, 0xffff_ffff]) ?? from;
  }

  #forge(bytes: Uint8Array, earlier: Uint8Array): Uint8Array {
    const position = Math.floor(this.#random() * bytes.length);
    switch (Math.floor(this.#random() * 6)) {
      case 0: {
        const damaged = Uint8Array.from(bytes);
        damaged[position] = (damaged[position] ?? 0) ^ (1 << Math.floor(this.#random() * 8));
        return damaged;
      }
      case 1:
        return Uint8Array.from(bytes.subarray(0, position));
      case 2:
        return Uint8Array.from([...bytes, 0]);
      case 3:
        return Uint8Array.from([...bytes.subarray(0, position), ...earlier.subarray(position)]);
      case 4:
        return earlier;
      default:
        return Uint8Array.from({ length: position }, () => Math.floor(this.#random() * 256));
    }
  }

  #any<Choice>(choices: readonly Choice[]): Choice | undefined {
    return choices[Math.floor(this.#random() * choices.length)];
  }
}

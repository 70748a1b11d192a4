/** Numbers for names, from 0, in the order in which they are first asked for. */
export class Numbering {
  readonly #numbers = new Map<string, number>();

  numberOf(name: string): number {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    const number = this.#numbers.size;
    this.#numbers.set(name, number);
    return number;
  }

  /** By their numbers. */
  get names(): readonly string[] {
    return [...this.#numbers.keys()];
  }
}

/**
 * Of the time since it was made, how much this process was at work: below 1 where others took its core. CPU time of threads beside the
 * main one may make up for that; there is little of it once all code is compiled, and a process of one thread has a collector of one.
 */
export class BusyShare {
  readonly #startedMs = performance.now();
  readonly #started = process.cpuUsage();

  share(): number {
    return Math.min(1, this.cpuMs / (performance.now() - this.#startedMs));
  }

  get cpuMs(): number {
    const { user, system } = process.cpuUsage(this.#started);
    return (user + system) / 1e3;
  }
}

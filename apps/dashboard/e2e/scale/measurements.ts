interface Figure {
  readonly name: string;
  readonly ms: number;
  readonly bound: number;
}

/** Figures with their bounds. */
export class Measurements {
  readonly #figures: Figure[] = [];

  /** Takes the time of `act`, or the figure that it resolves with. */
  async take(name: string, bound: number, act: () => Promise<number | void>): Promise<void> {
    const start = performance.now();
    const told = await act();
    this.#figures.push({ name, ms: told ?? performance.now() - start, bound });
  }

  /** Prints all; false when one is over its bound. */
  print(): boolean {
    for (const { name, ms, bound } of this.#figures) {
      const verdict = ms <= bound ? "within" : "OVER";
      console.log(`${name.padEnd(44)} ${ms.toFixed(0).padStart(6)} ms, ${verdict} ${bound} ms`);
    }
    return this.#figures.every(({ ms, bound }) => ms <= bound);
  }
}

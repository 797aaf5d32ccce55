/** The functions of an execution's tasks that are at work. One that goes on after its task's timeout was given up, and is none. */
export class FunctionsAtWork {
  #count = 0;
  #withoutTimeout = 0;
  #tell: (() => void) | undefined;

  begin(timeoutMs: number | null): void {
    this.#count += 1;
    if (timeoutMs === null) this.#withoutTimeout += 1;
  }

  end(timeoutMs: number | null): void {
    this.#count -= 1;
    if (timeoutMs === null) this.#withoutTimeout -= 1;
    if (this.#count === 0) this.#tell?.();
  }

  /** Each ends within a time of its own. */
  get areBounded(): boolean {
    return this.#withoutTimeout === 0;
  }

  /** Resolves once there is none. Asked once, when no more are begun. */
  async ended(): Promise<void> {
    if (this.#count > 0) await new Promise<void>((resolve) => void (this.#tell = resolve));
  }
}

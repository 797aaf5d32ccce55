import type { Frame } from "./io/frame.ts";

/** The executions that hold a slot, by run. */
export class ExecutingFrames {
  readonly #newest = new Map<string, Frame>();
  /** Their runs were opened again by hand and claimed again, while the functions that were ended from outside still run. */
  readonly #before = new Set<Frame>();

  get size(): number {
    return this.#newest.size + this.#before.size;
  }

  /** The one that has the run's claim. */
  get(runId: string): Frame | undefined {
    return this.#newest.get(runId);
  }

  /** Those that have their runs' claims. */
  values(): Iterable<Frame> {
    return this.#newest.values();
  }

  add(runId: string, frame: Frame): void {
    const before = this.#newest.get(runId);
    if (before !== undefined) this.#before.add(before);
    this.#newest.set(runId, frame);
  }

  delete(runId: string, frame: Frame): void {
    if (!this.#before.delete(frame) && this.#newest.get(runId) === frame) this.#newest.delete(runId);
  }

  /** All of them do nothing but wait inside tasks. */
  get areIdle(): boolean {
    return this.#before.size === 0 && [...this.#newest.values()].every(({ isIdle }) => isIdle);
  }
}

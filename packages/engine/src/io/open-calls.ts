import { CallsUnderWay } from "./calls-under-way.ts";
import { HeldCalls } from "./held-calls.ts";
import { LeftCalls } from "./left-calls.ts";
import { OpenWaits } from "./open-waits.ts";
import { Rests } from "./rests.ts";
import type { Scope } from "./scope.ts";

/** The calls of an execution that have not settled: at work, waiting, held, or left. Says what they allow. */
export class OpenCalls {
  readonly working = new CallsUnderWay();
  readonly waits = new OpenWaits();
  readonly held = new HeldCalls();
  readonly left = new LeftCalls();
  readonly #rests = new Rests();

  /** All that the function does is wait, inside tasks. */
  get isIdle(): boolean {
    const tasks = this.waits.tasksAround;
    return tasks.size > 0 && this.working.total <= tasks.size;
  }

  /** A task around a held call is no reason to hold it longer: it cannot end before it. */
  get isBusy(): boolean {
    return this.working.total > this.held.tasksAround.size;
  }

  /** Calls are there that do not go on by themselves. */
  get isHolding(): boolean {
    return this.waits.size > 0 || this.held.size > 0;
  }

  /** Something fails, and waits for what is at work in it. */
  get isResting(): boolean {
    return this.#rests.size > 0;
  }

  /** A task's attempt is over. What its function still waits for holds nothing up: on replay nobody would ask for it. */
  endScope(scope: Scope): void {
    this.working.end(scope);
    this.#rests.resolve((one) => one.isOver);
    if (!this.isHolding) return;
    this.left.take(this.waits.takeOver());
    this.left.take(this.held.takeOver());
  }

  /** Resolves when the steps that are at work in the scope have ended; undefined: none is. */
  comeToRest(scope: Scope): Promise<void> | undefined {
    return this.#isAtRest(scope) ? undefined : this.#rests.begin(scope);
  }

  /** Where all is quiet, what was held back for that goes on. Gives whether anything goes on. */
  goOn(): boolean {
    return this.#rests.resolve((scope) => this.#isAtRest(scope)) || this.isBusy || this.held.resumeNext();
  }

  /** None of them goes on otherwise: the execution is aborted. */
  abort(reason: Error): void {
    this.waits.rejectAll(reason);
    this.left.rejectAll(reason);
    this.held.resumeAll();
    this.#rests.resolve(() => true);
  }

  /** A task that waits, inside, is not at work. */
  #isAtRest(scope: Scope): boolean {
    if (scope.calls === 0) return true;
    const waiting = [...this.waits.tasksAround].filter((task) => task !== scope && task.isWithin(scope));
    return scope.calls <= waiting.length;
  }
}

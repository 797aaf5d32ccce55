import type { AnyJob } from "@beckon/core";
import { type JobDefinition, NotConnectedError } from "@beckon/core/runtime";
import type { ManualClock } from "./manual-clock.ts";
import type { MemoryStore } from "./memory-store.ts";

/** Hooks that a test has chosen. */
export type TestHooks = { readonly [Name in "onSuccess" | "onFailure"]?: JobDefinition[Name] };

type Hook = NonNullable<TestHooks["onSuccess"]>;

interface Failure {
  readonly runId: string;
  /** Which hook of which job. */
  readonly hook: string;
  readonly error: unknown;
}

/** The hooks of a test's jobs: whether they have been called, and what they failed with, which a server keeps to itself. */
export class WatchedHooks {
  readonly #underWay = new Set<Promise<void>>();
  /** An attempt that goes well takes back what the ones before it left here. */
  readonly #failures = new Map<string, Failure>();

  /** The same job. `chosen` are called in the place of its own hooks. */
  watch(job: AnyJob, chosen: TestHooks = {}): AnyJob {
    const { onSuccess = job.definition.onSuccess, onFailure = job.definition.onFailure } = chosen;
    const definition: JobDefinition = {
      ...job.definition,
      onSuccess: onSuccess && this.#watchHook("onSuccess", onSuccess),
      onFailure: onFailure && this.#watchHook("onFailure", onFailure),
    };
    return { ...job, definition };
  }

  /** Resolves when those that are at work have ended. */
  untilRest(): Promise<unknown> {
    return Promise.all(this.#underWay);
  }

  /**
   * Resolves when every run that has ended by now was told of; the pauses of a hook that throws are skipped.
   * @throws Error naming the hook that failed whenever it was called
   */
  async untilTold({ store, clock }: { readonly store: MemoryStore; readonly clock: ManualClock }): Promise<void> {
    const ended = new Set(store.openHooks().map(({ runId }) => runId));
    for (;;) {
      await clock.tick();
      await this.untilRest();
      await clock.tick();
      const open = store.openHooks().filter(({ runId }) => ended.has(runId));
      if (open.length === 0) break;
      const dueAt = Math.min(...open.map((delivery) => delivery.dueAt));
      if (dueAt > clock.now()) await clock.advanceTo(dueAt);
    }
    const open = new Set(store.openHooks().map(({ runId }) => runId));
    const failure = [...this.#failures.values()].find(({ runId }) => !open.has(runId));
    if (failure === undefined) return;
    const reason = failure.error instanceof Error ? failure.error.message : String(failure.error);
    // What the error itself says to do is for code outside of tests.
    const advice =
      failure.error instanceof NotConnectedError
        ? " In a test, give `hooks` in its place: calls of a hook go to a server."
        : "";
    throw new Error(`${failure.hook} failed whenever it was called: ${reason}${advice}`, { cause: failure.error });
  }

  #watchHook(name: keyof TestHooks, hook: Hook): Hook {
    return async (notification) => {
      const runId = notification.run.id;
      const attempt = Promise.withResolvers<void>();
      this.#underWay.add(attempt.promise);
      try {
        await hook(notification);
        this.#failures.delete(runId);
      } catch (error) {
        this.#failures.set(runId, { runId, hook: `Hook ${name} of job "${notification.job.id}"`, error });
        throw error;
      } finally {
        this.#underWay.delete(attempt.promise);
        attempt.resolve();
      }
    };
  }
}

import type { RunStatus } from "@beckon/core/runtime";
import type { Frame } from "./io/frame.ts";
import { EVENTS_OF_EVERY_RUN } from "./read-result.ts";
import type { RunDetail, Settlement } from "./store/records.ts";
import type { StoreChange } from "./store/store.ts";

/** What a store was asked for last, and the time it was given. */
export interface AskedSettlement {
  readonly settlement: Settlement;
  readonly now: number;
}

interface RunUnderWay {
  readonly frame: Frame;
  asked: AskedSettlement | null;
}

/**
 * The runs that this engine executes and of which nothing was told yet that could be their end: whoever waits for one of
 * them has nothing to read before that. Whatever is not certain takes a run out, because reading is never wrong.
 */
export class RunsUnderWay {
  readonly #runs = new Map<string, RunUnderWay>();
  readonly #onUntold: (runId: string) => void;

  /** `onUntold`: an execution is over without a word, because somebody else has ended the run: who waits must look. */
  constructor(onUntold: (runId: string) => void) {
    this.#onUntold = onUntold;
  }

  /** The run as it was claimed; undefined where it is not under way. */
  find(runId: string): { readonly jobId: string } | undefined {
    const frame = this.#runs.get(runId)?.frame;
    return frame?.isAborted === false ? frame.claimed.run : undefined;
  }

  begin(frame: Frame): void {
    this.#runs.set(frame.claimed.claim.runId, { frame, asked: null });
  }

  /** The store is about to be asked to settle the execution. */
  ask(frame: Frame, asked: AskedSettlement): void {
    const run = this.#runs.get(frame.claimed.claim.runId);
    if (run?.frame === frame) run.asked = asked;
  }

  /** The execution is over and its end on disk. */
  leave(frame: Frame): void {
    const { runId } = frame.claimed.claim;
    if (this.#runs.get(runId)?.frame !== frame) return;
    this.#runs.delete(runId);
    this.#onUntold(runId);
  }

  /**
   * The run that a commit left in this status, as it is in the store by then: known without reading it where that is the
   * end that was asked for. null: it has to be read.
   */
  endedRun(runId: string, status: RunStatus): RunDetail | null {
    const run = this.#runs.get(runId);
    return run === undefined || run.asked === null ? null : toEndedRun(run.frame, run.asked, status);
  }

  /** In the very turn of the commit: who asks after it reads what it wrote. */
  onChange({ runs }: StoreChange): void {
    if (this.#runs.size === 0) return;
    // Another process wrote: any of them may have ended.
    if (runs === null) return this.#runs.clear();
    for (const { runId, status } of runs) if (status !== "EXECUTING") this.#runs.delete(runId);
  }
}

/** Only of a run that did nothing but end: of another one the store knows more. */
function toEndedRun(
  { claimed, writer }: Frame,
  { settlement, now }: AskedSettlement,
  status: RunStatus,
): RunDetail | null {
  const { run, input, context } = claimed;
  if (settlement.kind !== "end" || settlement.status !== status || settlement.events.length > 0) return null;
  if (run.eventCount !== EVENTS_OF_EVERY_RUN - 1 || writer.hasWritten || settlement.tasks?.length) return null;
  const { output, error, executedMs } = settlement;
  const executionMs = run.executionMs + executedMs;
  const ended = {
    status,
    output,
    error,
    executionMs,
    completedAt: now,
    crashCount: 0,
    eventCount: EVENTS_OF_EVERY_RUN,
  };
  return { ...run, input, context, ...ended };
}

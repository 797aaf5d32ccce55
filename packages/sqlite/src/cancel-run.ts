import type { HandVerbs } from "@beckon/engine";
import type { Endings } from "./end-run.ts";
import type { LiveRuns } from "./live-run.ts";
import type { Session } from "./session.ts";

function prepare(session: Session) {
  return {
    // A run is canceled, and with it what it made, the last of it first; runs_of_parent.
    children: session.hot<Made>(`SELECT id, completed_at IS NOT NULL AS is_over FROM runs
      WHERE parent_run_id = ? AND is_detached = 0 ORDER BY id DESC`),
  };
}

interface Made {
  readonly id: string;
  readonly is_over: number;
}

interface CancelParts {
  readonly runs: LiveRuns;
  readonly endings: Endings;
}

/** Ends runs by hand, down the tree of what they made. */
export class Cancellations {
  readonly #sql: ReturnType<typeof prepare>;
  readonly #parts: CancelParts;

  constructor(session: Session, parts: CancelParts) {
    this.#sql = prepare(session);
    this.#parts = parts;
  }

  cancel({
    runId,
    now,
  }: {
    readonly runId: string;
    readonly now: number;
  }): Awaited<ReturnType<HandVerbs["cancelRun"]>> {
    const root = this.#parts.runs.find(runId);
    if (root === undefined) return { kind: "not-found" };
    if (root.completed_at !== null) return { kind: "finished", status: root.status };
    const runIds: string[] = [];
    // From the top down: a parent that has ended is not woken by the end of its children.
    const open: Made[] = [{ id: root.id, is_over: 0 }];
    for (let run = open.pop(); run !== undefined; run = open.pop()) {
      if (run.is_over === 0 && this.#end(run.id, now)) runIds.push(run.id);
      // One by one: as arguments of a call a hundred thousand are too many.
      for (const child of this.#sql.children.all(run.id)) open.push(child);
    }
    return { kind: "canceled", runIds };
  }

  /** Reads the run again: the end of another one may have moved it. */
  #end(runId: string, now: number): boolean {
    const run = this.#parts.runs.find(runId);
    if (run === undefined || run.completed_at !== null) return false;
    const isStillRunning = run.status === "EXECUTING";
    this.#parts.endings.end(run, { status: "CANCELED", output: null, error: null, executedMs: 0, isStillRunning, now });
    return true;
  }
}

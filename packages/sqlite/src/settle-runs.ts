import type { Settlement } from "@beckon/engine";
import { type Bodies, inline } from "./bodies.ts";
import type { Endings } from "./end-run.ts";
import type { Events } from "./events.ts";
import type { ForgottenSteps } from "./forgotten-steps.ts";
import type { Limits } from "./limits.ts";
import type { Line } from "./line.ts";
import type { Lingering } from "./lingering.ts";
import type { LiveRun, LiveRuns } from "./live-run.ts";
import { looksPlain, type PlainEnd, type PlainEnds } from "./plain-ends.ts";
import type { StepRecords } from "./record-steps.ts";
import type { Session } from "./session.ts";
import type { ToldEvents } from "./told-events.ts";
import type { Waits } from "./waits.ts";

function prepare(session: Session) {
  return {
    // An execution is over and its process in good health; primary key.
    leave: session.hot("UPDATE runs SET execution_ms = execution_ms + ?, crash_count = 0 WHERE number = ?"),
    // EXECUTING → WAITING; primary key.
    park: session.hot(
      `UPDATE runs SET status = 'WAITING', holds_place = 0, worker_id = NULL, is_newborn = NULL, event_count = ?
      WHERE number = ?`,
    ),
    // EXECUTING → DELAYED, as the next attempt; primary key.
    backOff: session.hot(`UPDATE runs SET status = 'DELAYED', holds_place = 0, worker_id = NULL, is_newborn = NULL,
      attempt = attempt + 1, wake_at = ?, error = ?, beside = ?, event_count = ? WHERE number = ?`),
  };
}

interface SettleRequest {
  readonly settlements: readonly Settlement[];
  readonly now: number;
}

type SettlementOutcome = "settled" | "lost";

interface SettlementParts {
  readonly told: ToldEvents;
  readonly runs: LiveRuns;
  readonly bodies: Bodies;
  readonly events: Events;
  readonly limits: Limits;
  readonly lingering: Lingering;
  readonly line: Line;
  readonly forgotten: ForgottenSteps;
  readonly waits: Waits;
  readonly records: StepRecords;
  readonly endings: Endings;
  readonly plainEnds: PlainEnds;
}

/** The one place where an execution leaves its run. */
export class Settlements {
  readonly #sql: ReturnType<typeof prepare>;
  readonly #session: Session;
  readonly #parts: SettlementParts;

  constructor(session: Session, parts: SettlementParts) {
    this.#sql = prepare(session);
    this.#session = session;
    this.#parts = parts;
  }

  isPlain(request: SettleRequest): boolean {
    return toPlainEnd(request) !== null;
  }

  /** Requests that follow each other, all of them plain when they are several; gives the outcomes of each. */
  settleAll(requests: readonly SettleRequest[]): readonly (readonly SettlementOutcome[])[] {
    const settle = ({ settlements, now }: SettleRequest) => settlements.map((one) => this.#settle(one, now));
    if (requests.length === 1) return requests.map(settle);
    const areEnded = this.#parts.plainEnds.endAll(requests.map(toPlainEnd).filter((end) => end !== null));
    return requests.map((request, index) => (areEnded[index] === true ? ["settled"] : settle(request)));
  }

  #settle(settlement: Settlement, now: number): SettlementOutcome {
    if (isPlainSuccess(settlement) && this.#parts.plainEnds.end({ ...settlement, now })) return "settled";
    const found = this.#parts.runs.findClaimed(settlement.claim);
    if (found === undefined) {
      // The run ended under its function, which has settled hereby; or has not, and is told of when it does.
      if (!isStillRunning(settlement)) this.#parts.lingering.release(settlement.claim);
      return "lost";
    }
    // The process that settles is in good health.
    const run = { ...found, event_count: this.#recordRest(found, settlement, now), crash_count: 0 };
    switch (settlement.kind) {
      case "end":
        this.#parts.endings.end(run, { ...settlement, now });
        // Whoever waits for it was told.
        this.#session.endCalm();
        break;
      case "park":
        this.#leave(run, settlement.executedMs);
        this.#park(run, settlement.taskIds, now);
        break;
      case "back-off":
        this.#leave(run, settlement.executedMs);
        this.#backOff(run, settlement, now);
        break;
      case "give-back":
        this.#leave(run, settlement.executedMs);
        this.#parts.line.queue(run, { now });
        break;
    }
    this.#parts.told.doubt(settlement.claim);
    return "settled";
  }

  /** Gives how many events the run has then. */
  #recordRest(run: LiveRun, { claim, events, statuses, tasks = [] }: Settlement, now: number): number {
    const { count, tellers } = this.#parts.records.recordProgress(run, { claim, events, statuses, tasks });
    for (const task of tasks) if (!tellers.has(task)) this.#parts.waits.record(run, task, now);
    return count;
  }

  #leave(run: LiveRun, executedMs: number): void {
    this.#sql.leave.run(executedMs, run.number);
    this.#parts.limits.freePlaceOf(run);
  }

  #park(run: LiveRun, taskIds: readonly string[], now: number): void {
    if (!this.#parts.waits.park(run.id, taskIds)) {
      // One of them was resolved while the execution ended: nothing would wake the run again.
      this.#parts.line.queue(run, { now });
      return;
    }
    const seq = run.event_count + 1;
    this.#parts.events.appendStatus(run.id, seq, { at: now, status: "WAITING" });
    this.#sql.park.run(seq, run.number);
    this.#session.changes.note(run.id, "WAITING");
  }

  #backOff(run: LiveRun, { wakeAt, error }: { readonly wakeAt: number; readonly error: string }, now: number): void {
    const { bodies, events, forgotten } = this.#parts;
    forgotten.forgetFailed(run);
    const beside = bodies.store(run.id, run.beside, { error });
    const seq = run.event_count + 1;
    events.appendStatus(run.id, seq, { at: now, status: "DELAYED" });
    this.#sql.backOff.run(wakeAt, inline(error), beside, seq, run.number);
    this.#session.changes.note(run.id, "DELAYED");
  }
}

/** What a request ends that ends one run so. A key's share of a limit has more to see to. */
function toPlainEnd({ settlements, now }: SettleRequest): PlainEnd | null {
  const [settlement] = settlements;
  if (settlement === undefined || settlements.length > 1 || !isPlainSuccess(settlement)) return null;
  const { claim, output, executedMs } = settlement;
  return looksPlain(settlement) ? { claim, output, executedMs, now } : null;
}

/** Its function goes on. */
function isStillRunning(settlement: Settlement): boolean {
  return settlement.kind === "end" && settlement.isStillRunning;
}

/** A success that brings nothing but its output. */
function isPlainSuccess(settlement: Settlement): settlement is Settlement & { readonly kind: "end" } {
  const { kind, events, statuses, tasks } = settlement;
  if (kind !== "end" || settlement.status !== "SUCCESS" || tasks?.length) return false;
  return events.length === 0 && statuses.length === 0;
}

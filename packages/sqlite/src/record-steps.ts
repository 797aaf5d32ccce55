import { type Claim, isProgress, type StepOutcome, type StepWrites, type TaskRecord } from "@beckon/engine";
import { type Bodies, inline } from "./bodies.ts";
import type { Events } from "./events.ts";
import type { ForgottenSteps } from "./forgotten-steps.ts";
import type { LiveRuns, RecordingRun } from "./live-run.ts";
import type { Session } from "./session.ts";
import type { SqliteClaim } from "./sqlite-claim.ts";
import type { Statuses } from "./statuses.ts";
import type { TaskTelling, Telling, ToldEvents } from "./told-events.ts";
import type { Waits } from "./waits.ts";

function prepare(session: Session) {
  return {
    // The run's first execution keeps what `run` was given; primary key.
    keepPayload: session.hot("UPDATE runs SET payload = ?, beside = ? WHERE number = ?"),
    // Events were appended; primary key.
    countEvents: session.hot("UPDATE runs SET event_count = ? WHERE number = ?"),
  };
}

const RECORDED: StepOutcome = { kind: "recorded", resolved: [] };

interface RecordRequest {
  readonly writes: readonly StepWrites[];
  readonly now: number;
}

type Progress = Pick<StepWrites, "claim" | "events" | "statuses" | "forgotten"> & Partial<Pick<StepWrites, "tasks">>;

interface RecordParts {
  readonly runs: LiveRuns;
  readonly bodies: Bodies;
  readonly events: Events;
  readonly told: ToldEvents;
  readonly statuses: Statuses;
  readonly waits: Waits;
  readonly forgotten: ForgottenSteps;
}

/** Writes what executions do while they go on. */
export class StepRecords {
  readonly #sql: ReturnType<typeof prepare>;
  readonly #session: Session;
  readonly #parts: RecordParts;

  constructor(session: Session, parts: RecordParts) {
    this.#sql = prepare(session);
    this.#session = session;
    this.#parts = parts;
  }

  isPlain(request: RecordRequest): boolean {
    return this.#toPlainTelling(request) !== null;
  }

  /** Requests that follow each other, all of them plain when they are several; gives the outcomes of each. */
  recordAll(requests: readonly RecordRequest[]): readonly (readonly StepOutcome[])[] {
    if (requests.length === 1) return requests.map(({ writes, now }) => writes.map((one) => this.#record(one, now)));
    this.#tellTogether(requests);
    return requests.map(() => [RECORDED]);
  }

  #record(writes: StepWrites, now: number): StepOutcome {
    if (this.#tellAlone(writes)) return RECORDED;
    const run = this.#parts.runs.findRecording(writes.claim);
    if (run === undefined) return { kind: "lost" };
    if (writes.payload !== null) this.#keepPayload(run, writes.payload, writes.claim);
    const resolved = this.#write(run, writes, now);
    this.#parts.told.doubt(writes.claim);
    // Whoever waits for one was told.
    if (writes.signals.length > 0) this.#session.endCalm();
    return { kind: "recorded", resolved };
  }

  /** Most writes are the end of one step, which is written without reading its run. false: nothing was written. */
  #tellAlone(writes: StepWrites): boolean {
    const telling = toTelling(writes);
    if (telling === null) return false;
    const { told } = this.#parts;
    const seq = told.count(telling.claim) + 1;
    if (!told.tell(telling, seq)) return false;
    told.learn(telling.claim, seq);
    this.#noteChange(telling.claim);
    return true;
  }

  #tellTogether(requests: readonly RecordRequest[]): void {
    const tellings = requests.map((request) => this.#toPlainTelling(request)).filter((telling) => telling !== null);
    this.#parts.told.tellAll(tellings);
    for (const { claim } of tellings) this.#noteChange(claim);
  }

  #noteChange({ runId }: Claim): void {
    this.#session.changes.note(runId, "EXECUTING");
  }

  /** What a request tells that brings a plain step, and nothing else. */
  #toPlainTelling({ writes }: RecordRequest): TaskTelling | null {
    const [one] = writes;
    const telling = one === undefined || writes.length > 1 ? null : toTelling(one);
    return telling !== null && this.#parts.told.isPlain(telling) ? telling : null;
  }

  /** Gives the steps that need not wait. */
  #write(run: RecordingRun, writes: StepWrites, now: number): readonly TaskRecord[] {
    const { waits, forgotten } = this.#parts;
    // Before the steps: that one begins to wait is told before that it waits no more.
    const { tellers } = this.recordProgress(run, writes);
    // Before the steps: a run that waits for the signal it sends finds it kept, when nobody waited longer.
    for (const signal of writes.signals) waits.deliverSignal(signal, now);
    for (const taskId of writes.forgotten ?? []) forgotten.forget(run, taskId);
    const tasks = writes.tasks.filter((task) => !tellers.has(task));
    const { known } = writes.claim as SqliteClaim;
    known?.learnSteps(tasks);
    const resolved = tasks.map((task) => waits.record(run, task, now)).filter((task) => task !== null);
    if (known?.hasCrashed === true && tasks.some(isProgress)) known.hasCrashed = false;
    return resolved;
  }

  /** Gives how many events the run has then, and those of the steps that were written because they tell one. */
  recordProgress(
    run: RecordingRun,
    { claim, events, statuses, tasks = [], forgotten = [] }: Progress,
  ): { readonly count: number; readonly tellers: ReadonlySet<TaskRecord> } {
    const { told } = this.#parts;
    const tellers = new Set<TaskRecord>();
    let count = Math.max(run.event_count, told.count(claim));
    this.#parts.statuses.write(run.id, statuses);
    for (const event of events) {
      count += 1;
      const isTold = forgotten.length === 0 && told.tell({ claim, event, tasks }, count);
      if (isTold && event.type === "task") tellers.add(event.task);
      else this.#parts.events.append(run.id, count, event);
    }
    // Rows that go tell nothing any more.
    if (events.length + forgotten.length > 0) this.#sql.countEvents.run(count, run.number);
    if (events.length > 0) this.#session.changes.note(run.id, run.status);
    told.learn(claim, count);
    return { count, tellers };
  }

  #keepPayload(run: RecordingRun, payload: string, { known }: SqliteClaim): void {
    const beside = this.#parts.bodies.store(run.id, run.beside, { payload });
    if (known !== undefined && beside !== 0) known.endsPlainly = false;
    this.#sql.keepPayload.run(inline(payload), beside, run.number);
  }
}

/** Its event and step, where there is nothing beside. */
function toTelling(writes: StepWrites): Telling | null {
  const { claim, payload, events, tasks, statuses, signals, forgotten = [] } = writes;
  const [event] = events;
  if (payload !== null || event === undefined || events.length > 1 || tasks.length !== 1) return null;
  return statuses.length + signals.length + forgotten.length === 0 ? { claim, event, tasks } : null;
}

import type { TaskKind } from "@beckon/core/runtime";
import type { TaskRecord } from "../store/records.ts";
import type { Place } from "./frame.ts";
import type { KnownStep } from "./step-writer.ts";

export type StepChange = Partial<
  Pick<
    TaskRecord,
    | "attempt"
    | "output"
    | "error"
    | "childRunId"
    | "childJobId"
    | "childDigest"
    | "display"
    | "completedAt"
    | "wakeAt"
    | "wait"
    | "resolution"
  >
> &
  Pick<TaskRecord, "status">;

export interface StepIdentity {
  readonly id: string;
  readonly kind: TaskKind;
  readonly name: string;
}

/** The record of a step: what is known of it, changed by what happened. */
export function toStepRecord(place: Place, identity: StepIdentity, change: StepChange): TaskRecord {
  const { writer, memo } = place.frame;
  return makeRecord(place, { identity, change, known: writer.takeBeginning(identity.id) ?? memo.get(identity.id) });
}

interface RecordParts {
  readonly identity: StepIdentity;
  readonly change: StepChange;
  readonly known: KnownStep | undefined;
}

/** Field by field: one is made for every step, two for one that takes longer than a turn. */
export function makeRecord({ frame, scope }: Place, { identity, change, known }: RecordParts): TaskRecord {
  const record: TaskRecord = {
    id: identity.id,
    parentId: scope.id,
    kind: identity.kind,
    name: identity.name,
    ordinal: known?.ordinal ?? frame.memo.nextOrdinal(),
    endOrdinal: change.completedAt == null ? null : (known?.endOrdinal ?? frame.completions.next()),
    status: change.status,
    attempt: change.attempt ?? known?.attempt ?? 1,
    output: change.output ?? null,
    error: change.error ?? null,
    childRunId: newest(change.childRunId, known?.childRunId),
    childJobId: newest(change.childJobId, known?.childJobId),
    childDigest: newest(change.childDigest, known?.childDigest),
    display: newest(change.display, known?.display),
    // One that ends in the moment it begins does not begin after that.
    startedAt: known?.startedAt ?? change.completedAt ?? frame.parts.clock.now(),
    completedAt: change.completedAt ?? null,
    wakeAt: change.wakeAt ?? null,
    wait: change.wait ?? null,
    resolution: change.resolution ?? null,
  };
  frame.memo.put(record);
  return record;
}

function newest(changed: string | null | undefined, known: string | null | undefined): string | null {
  return changed === undefined ? (known ?? null) : changed;
}

/** Puts a step's change on its way to the store. */
export function noteStep(place: Place, identity: StepIdentity, change: StepChange): TaskRecord {
  const record = toStepRecord(place, identity, change);
  place.frame.writer.noteTask(record, record.completedAt ?? place.frame.parts.clock.now());
  return record;
}

/** Writes a step's change; once it is on disk the step may be answered from it. */
export function saveStep(place: Place, identity: StepIdentity, change: StepChange): Promise<void> {
  const { parts, writer, completions, isLetGo } = place.frame;
  // Steps that nobody waited for when the function ended, or when the frame was let go.
  if (isLetGo || isTooLate(place, identity)) return new Promise<never>(() => undefined);
  const record = noteStep(place, identity, change);
  if (record.endOrdinal !== null) return completions.afterSaving(record, writer.save());
  const { wakeAt } = record;
  // Once it is there to be found: a store that cannot write may take long.
  return wakeAt === null ? writer.save() : writer.save().then(() => parts.onDueAt(wakeAt));
}

/** Whether an attempt around the step is over, and a later one has ended it or waits there: what that has seen, or will, stays. */
function isTooLate({ frame, scope }: Place, { id }: StepIdentity): boolean {
  if (!scope.isOver) return false;
  const known = frame.memo.get(id);
  return known !== undefined && (isFinished(known) || known.status === "WAITING");
}

/** A pause before the next attempt of a task is resolved as `due`: the task goes on then, it has not finished. */
export function isFinished({ status, resolution }: TaskRecord): boolean {
  return resolution !== "due" && (status === "SUCCESS" || status === "FAILURE");
}

/** The end of a step, for its record. */
export function finished(place: Place, output: string | null): StepChange {
  return { status: "SUCCESS", output, completedAt: place.frame.parts.clock.now() };
}

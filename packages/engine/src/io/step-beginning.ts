import type { TaskRecord } from "../store/records.ts";
import type { Place } from "./frame.ts";
import type { Beginning } from "./step-writer.ts";
import { makeRecord, type StepIdentity } from "./step.ts";

/** That a step has begun: its writer tells of it at the end of the turn, for most have ended by then. */
export class StepBeginning implements Beginning {
  readonly #place: Place;
  readonly #identity: StepIdentity;
  readonly at: number;
  readonly attempt: number;
  readonly display: string | null;
  readonly ordinal: number;
  readonly startedAt: number;

  constructor(place: Place, identity: StepIdentity, begun: Pick<TaskRecord, "attempt" | "display">) {
    const { memo, parts } = place.frame;
    const known = memo.get(identity.id);
    this.#place = place;
    this.#identity = identity;
    this.at = parts.clock.now();
    this.attempt = begun.attempt;
    this.display = begun.display;
    this.ordinal = known?.ordinal ?? memo.nextOrdinal();
    this.startedAt = known?.startedAt ?? this.at;
  }

  get id(): string {
    return this.#identity.id;
  }

  toRecord(): TaskRecord {
    return makeRecord(this.#place, { identity: this.#identity, change: { status: "RUNNING" }, known: this });
  }
}

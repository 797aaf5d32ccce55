import { encode } from "@beckon/core/runtime";
import type { StatusHandle, StatusRecord, StatusUpdate, StepKey } from "@beckon/core/runtime";
import { toStatusRecord } from "../read-result.ts";
import type { StatusWrite } from "../store/records.ts";
import type { Place } from "./frame.ts";
import { formatKey, toOwnStepId, toStepId } from "./step-id.ts";
import { finished, saveStep } from "./step.ts";

/** `io.createStatus`: progress that is written once for each change, however often the run replays. */
export async function createStatus(place: () => Place, key: StepKey, update: StatusUpdate): Promise<StatusHandle> {
  const here = place();
  const statusKey = typeof key === "string" ? key : formatKey(key);
  await writeStatus(here, { id: toOwnStepId(here.scope.id, `status:${statusKey}`), statusKey, update });
  return createHandle(place, statusKey);
}

function createHandle(place: () => Place, statusKey: string): StatusHandle {
  return {
    update: async (updateKey: StepKey, update: StatusUpdate) => {
      const here = place();
      const id = toStepId(toOwnStepId(here.scope.id, `status:${statusKey}`), updateKey);
      await writeStatus(here, { id, statusKey, update });
    },
  };
}

interface StatusStep {
  readonly id: string;
  readonly statusKey: string;
  readonly update: StatusUpdate;
}

/** Records the step and the new state of the record together; fields that an update leaves out stay. */
async function writeStatus(place: Place, { id, statusKey, update }: StatusStep): Promise<void> {
  const { frame } = place;
  place.scope.claimStep(id, `update of status ${JSON.stringify(statusKey)}`);
  await frame.work(async () => {
    const step = frame.memo.get(id);
    if (step !== undefined) return frame.completions.turnOf(step);
    await frame.beforeNewStep(place.scope);
    const known = frame.statuses.get(statusKey);
    const write: StatusWrite = {
      key: statusKey,
      label: update.label ?? known?.label ?? statusKey,
      state: update.state ?? known?.state ?? null,
      data: encode(update.data === undefined ? known?.data : update.data, `The data of status "${statusKey}"`),
      updatedAt: frame.parts.clock.now(),
    };
    const record: StatusRecord = toStatusRecord(write);
    frame.statuses.set(statusKey, record);
    frame.writer.noteStatus(write, { type: "status-record", at: write.updatedAt, data: encode(record, "status") });
    await saveStep(place, { id, kind: "value", name: `status ${statusKey}` }, finished(place, null));
  });
}

import { describeValue, encode, InvalidOptionError, refuseUnknownOptions } from "@beckon/core/runtime";
import type { StatusHandle, StatusRecord, StatusState, StatusUpdate, StepKey } from "@beckon/core/runtime";
import { checkName, checkText } from "../check-text.ts";
import { toStatusRecord } from "../read-result.ts";
import type { StatusWrite } from "../store/records.ts";
import type { Place } from "./frame.ts";
import { formatKey, toOwnStepId, toStepId } from "./step-id.ts";
import { checkObject, ofStep } from "./step-options.ts";
import { finished, saveStep } from "./step.ts";

/** `io.createStatus`: progress that is written once for each change, however often the run replays. */
export async function createStatus(place: () => Place, key: StepKey, update: StatusUpdate): Promise<StatusHandle> {
  const here = place();
  const name = nameOf(key);
  checkName("key", name);
  const recordKey = toRecordKey(key);
  const status = { name, statusKey: toStatusKey(here.scope.id, recordKey) };
  const id = toOwnStepId(here.scope.id, `status:${recordKey}`);
  here.scope.claimStep(id, `${formatKey(key)} of a status`);
  await writeStatus(here, { ...status, id, stepName: `status ${name}`, update });
  return createHandle(place, status);
}

interface StatusIdentity {
  /** What it is called in its scope. */
  readonly name: string;
  /** Which record of the run it is. */
  readonly statusKey: string;
}

/** Every field there is: one that is missing here does not compile. */
const FIELDS: Readonly<Record<keyof StatusUpdate, true>> = { label: true, state: true, data: true };

const STATES: readonly unknown[] = ["loading", "success", "failure"] satisfies readonly StatusState[];

/** @throws InvalidOptionError naming the status */
function checkUpdate(name: string, update: unknown): void {
  const step = `Status ${JSON.stringify(name)}`;
  checkObject(step, "status", update);
  const { label, state }: { readonly label?: unknown; readonly state?: unknown } = update;
  ofStep(step, () => {
    refuseUnknownOptions(update, FIELDS);
    if (label !== undefined) checkText("label", label);
  });
  if (state === undefined || state === null || STATES.includes(state)) return;
  const reason = `${describeValue(state)} is none: give "loading", "success" or "failure"`;
  throw new InvalidOptionError("state", reason, { step });
}

function nameOf(key: StepKey): string {
  return typeof key === "string" ? key : formatKey(key);
}

/** A text that begins like a list's, or like what such a text becomes, is escaped: different keys never have one record. */
function toRecordKey(key: StepKey): string {
  return typeof key === "string" && /^[[~]/.test(key) ? toStepId(null, key) : nameOf(key);
}

/** Each scope may have a status of this key. In a key of the run's own nobody writes what `toOwnStepId` puts between. */
function toStatusKey(scopeId: string | null, recordKey: string): string {
  return scopeId === null ? recordKey : toOwnStepId(scopeId, recordKey);
}

function createHandle(place: () => Place, status: StatusIdentity): StatusHandle {
  return {
    update: async (updateKey: StepKey, update: StatusUpdate) => {
      const here = place();
      const id = toStepId(toOwnStepId(here.scope.id, `status:${status.statusKey}`), updateKey);
      here.scope.claimStep(id, `${formatKey(updateKey)} of an update of status ${JSON.stringify(status.name)}`);
      // With the key of the update: the rows of two updates would look the same.
      await writeStatus(here, { ...status, id, stepName: `status ${status.name} · ${nameOf(updateKey)}`, update });
    },
  };
}

interface StatusStep extends StatusIdentity {
  readonly id: string;
  readonly stepName: string;
  readonly update: StatusUpdate;
}

/** Records the step and the new state of the record together; fields that an update leaves out stay. */
async function writeStatus(place: Place, { id, stepName, name, statusKey, update }: StatusStep): Promise<void> {
  const { frame } = place;
  await frame.work(place.scope, async () => {
    const step = frame.memo.get(id);
    if (step !== undefined) return frame.completions.turnOf(step);
    checkUpdate(name, update);
    const { label, state, data } = update;
    const root = `The data of status "${name}"`;
    // In the turn of the call: its owner may change it in the next one.
    const text = data === undefined ? null : encode(data, root);
    await frame.beforeNewStep(place.scope);
    const known = frame.statuses.get(statusKey);
    const write: StatusWrite = {
      key: statusKey,
      label: label ?? known?.label ?? name,
      state: state ?? known?.state ?? null,
      data: text ?? encode(known?.data, root),
      updatedAt: frame.parts.clock.now(),
    };
    const record: StatusRecord = toStatusRecord(write);
    frame.statuses.set(statusKey, record);
    frame.writer.noteStatus(write, { type: "status-record", at: write.updatedAt, data: encode(record, "status") });
    await saveStep(place, { id, kind: "value", name: stepName }, finished(place, null));
  });
}

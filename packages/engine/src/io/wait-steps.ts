import type { Duration } from "@beckon/core";
import { decode, encode, toInstant, WaitTimeoutError } from "@beckon/core/runtime";
import type { Schema, SignalOptions, StepKey, TaskKind, WaitForSignalOptions } from "@beckon/core/runtime";
import { checkSignal } from "../check-text.ts";
import { decodeError, encodeError, toStoredError, toThrowable } from "../error-text.ts";
import type { TaskRecord, WaitTarget } from "../store/records.ts";
import type { Place } from "./frame.ts";
import { runTask } from "./run-task.ts";
import { parseSignal } from "./signal-payload.ts";
import { formatKey, toStepId } from "./step-id.ts";
import { checkOptions, ofStep } from "./step-options.ts";
import { finished, saveStep, type StepIdentity } from "./step.ts";

export interface WaitRequest {
  readonly identity: StepIdentity;
  /** Called when the wait begins; not on replay. */
  readonly begin: () => {
    readonly wait: WaitTarget;
    readonly wakeAt: number | null;
    readonly childRunId?: string | null;
    readonly attempt?: number;
  };
}

/** Records a durable wait, unless it was. Resolves with its record: WAITING, or how it ended. */
async function beginWait(place: Place, { identity, begin }: WaitRequest): Promise<TaskRecord> {
  const { frame } = place;
  const known = frame.memo.get(identity.id);
  if (known !== undefined) return known;
  await frame.beforeNewStep(place.scope);
  await saveStep(place, identity, { status: "WAITING", ...begin() });
  return frame.memo.get(identity.id) as TaskRecord;
}

/**
 * Waits until the store says that a recorded wait is over. Resolves with the record of its end.
 * @throws WaitTimeoutError when its time was over first
 */
export async function awaitEnd(place: Place, identity: StepIdentity): Promise<TaskRecord> {
  const record = await place.frame.waitFor(identity.id, place.scope);
  if (record.status === "FAILURE" && record.error !== null) throw toThrowable(decodeError(record.error));
  if (record.resolution !== "timed-out") return record;
  throw new WaitTimeoutError(`The wait "${identity.name}" timed out: what it waited for did not happen in time.`);
}

/** `io.wait`. */
export async function wait(place: Place, key: StepKey, until: Duration | Date): Promise<void> {
  const identity = identify(place, key, { kind: "wait", name: nameOf(key, "wait") });
  const toEnd = (): number => toInstant(until, place.frame.parts.clock.now(), "until");
  await place.frame.work(place.scope, async () => {
    await beginWait(place, {
      identity,
      begin: () => ({ wait: { kind: "time" }, wakeAt: ofStep(`Wait ${formatKey(key)}`, toEnd, "Argument") }),
    });
    await awaitEnd(place, identity);
  });
}

type SignalSending = SignalOptions & { readonly name: string };

/** Every option there is, here and below: one that is missing does not compile. */
const SENDING_OPTIONS: Readonly<Record<keyof SignalOptions, true>> = { id: true, payload: true };

/** `io.sendSignal`. */
export async function sendSignal(place: Place, key: StepKey, signal: SignalSending): Promise<void> {
  const { name, ...options } = signal;
  const { id = null, payload } = options;
  const { frame } = place;
  const step = identify(place, key, { kind: "signal", name: `send ${name}` });
  await frame.work(place.scope, async () => {
    const known = frame.memo.get(step.id);
    if (known !== undefined) return frame.completions.turnOf(known);
    checkOptions(`Signal ${formatKey(key)}`, options, SENDING_OPTIONS);
    checkSignal({ name, id });
    // In the turn of the call, as outside of a run: its owner may change it in the next one.
    const text = encode(payload, `The payload of signal "${name}"`);
    await frame.beforeNewStep(place.scope);
    frame.writer.noteSignal({ name, id, payload: text });
    await saveStep(place, step, finished(place, null));
  });
}

type SignalWait = WaitForSignalOptions<Schema | undefined> & { readonly name: string };

const SIGNAL_OPTIONS: Readonly<Record<keyof WaitForSignalOptions<undefined>, true>> = {
  id: true,
  schema: true,
  timeout: true,
};

/** `io.waitForSignal`. */
export async function waitForSignal(place: Place, key: StepKey, signal: SignalWait): Promise<unknown> {
  const { name, ...options } = signal;
  const { id = null, schema, timeout } = options;
  const identity = identify(place, key, { kind: "signal", name: nameOf(key, name) });
  if (isNew(place, identity)) {
    checkOptions(`Wait ${formatKey(key)}`, options, SIGNAL_OPTIONS);
    checkSignal({ name, id });
  }
  return place.frame.work(place.scope, async () => {
    await beginWait(place, {
      identity,
      begin: () => ({ wait: { kind: "signal", name, id }, wakeAt: timeoutAt(place, key, timeout) }),
    });
    const record = await awaitEnd(place, identity);
    const payload = record.output === null ? undefined : decode(record.output);
    return parseSignal(place, { wait: identity, signal: name, schema, payload });
  });
}

interface RequestWait {
  readonly key: StepKey;
  readonly send: (url: string) => unknown;
  readonly options: { readonly timeout?: Duration | undefined } | undefined;
}

const REQUEST_OPTIONS: Readonly<Record<"timeout", true>> = { timeout: true };

/** `io.waitForRequest`. Handing out the URL is a task of its own: done once, though the wait may be replayed many times. */
export async function waitForRequest(place: Place, request: RequestWait): Promise<unknown> {
  const { frame } = place;
  const { key, options = {} } = request;
  const identity = identify(place, key, { kind: "request", name: nameOf(key, "request") });
  if (isNew(place, identity)) checkOptions(`Wait ${formatKey(key)}`, options, REQUEST_OPTIONS);
  const begun = await frame.work(place.scope, () =>
    beginWait(place, {
      identity,
      begin: () => ({
        wait: { kind: "request", token: frame.parts.randomness.token() },
        wakeAt: timeoutAt(place, key, options.timeout),
        attempt: countHandedOut(place, key) + 1,
      }),
    }),
  );
  const { wait: target, attempt } = begun;
  if (target?.kind === "request") await handOut(place, request, { identity, attempt, token: target.token });
  const { output } = await frame.work(place.scope, () => awaitEnd(place, identity));
  return output === null ? undefined : decode(output);
}

/** Where the URL could not be handed out nobody will call it, and the wait has failed. */
async function handOut(
  place: Place,
  { key, send }: RequestWait,
  begun: { readonly identity: StepIdentity; readonly attempt: number; readonly token: string },
): Promise<void> {
  const { frame } = place;
  // What it gives is dropped: a Response, say, could not be kept.
  const run = async (): Promise<void> => void (await send(frame.parts.requestUrl(begun.token)));
  try {
    await runTask(place, { key: toSendKey(key, begun.attempt), run });
  } catch (error) {
    const completedAt = frame.parts.clock.now();
    const failure = { status: "FAILURE", error: encodeError(toStoredError(error)), completedAt } as const;
    await frame.work(place.scope, () => saveStep(place, begun.identity, failure));
    throw error;
  }
}

function toSendKey(key: StepKey, attempt: number): StepKey {
  if (typeof key !== "string")
    return attempt === 1 ? [...key, "hand out the URL"] : [...key, "hand out the URL", attempt];
  return attempt === 1 ? `${key} (hand out the URL)` : `${key} (hand out the URL, ${attempt})`;
}

/** A wait that timed out is begun anew by the next attempt, with a URL of its own: the earlier ones stay handed out. */
function countHandedOut({ frame, scope }: Place, key: StepKey): number {
  let count = 0;
  while (frame.memo.get(toStepId(scope.id, toSendKey(key, count + 1))) !== undefined) count += 1;
  return count;
}

function timeoutAt(place: Place, key: StepKey, timeout: Duration | undefined): number | null {
  if (timeout === undefined) return null;
  return ofStep(`Wait ${formatKey(key)}`, () => toInstant(timeout, place.frame.parts.clock.now(), "timeout"));
}

/** What has begun goes on, though it was begun by a version that checked less. */
function isNew({ frame }: Place, { id }: StepIdentity): boolean {
  return frame.memo.get(id) === undefined;
}

function identify(place: Place, key: StepKey, step: { readonly kind: TaskKind; readonly name: string }): StepIdentity {
  return { id: place.scope.claimKey(key), ...step };
}

function nameOf(key: StepKey, fallback: string): string {
  return typeof key === "string" ? key : `${fallback} ${formatKey(key)}`;
}

import { toRunContext } from "./context-of-run.ts";
import { decideEnd, type Ending, type Outcome } from "./decide-end.ts";
import { comeToRest } from "./io/come-to-rest.ts";
import { enterPlace } from "./io/create-io.ts";
import { Frame, type Place } from "./io/frame.ts";
import type { Interruption } from "./io/interruption.ts";
import { tellOfFailedAttempt } from "./io/logger.ts";
import { Scope } from "./io/scope.ts";
import type { EngineParts } from "./parts.ts";
import { readPayload } from "./payload.ts";
import { toReasonOfRun, toRunError } from "./run-error.ts";
import type { ClaimedRun } from "./store/records.ts";

/** How an execution came to its end. */
export interface Execution {
  readonly frame: Frame;
  readonly ending: Ending;
  readonly executedMs: number;
  /** Settles when the run's function has: later than the ending where it was ended from outside, never where it was let go. */
  readonly body: Promise<unknown>;
}

/** A claimed run with everything around it that executing needs. `onIdle`: it does nothing but wait in its slot. */
export function openFrame(claimed: ClaimedRun, parts: EngineParts, onIdle: () => void): Frame {
  const job = parts.jobs.get(claimed.run.jobId);
  // A store gives a worker runs of its own jobs only.
  if (job === undefined)
    throw new Error(`Run ${claimed.run.id} was claimed though job "${claimed.run.jobId}" is not defined here.`);
  return new Frame(claimed, job.definition, { parts, enter: enterPlace, onIdle });
}

/** Executes a run from its top until it ends, parks, or is ended from outside. Writes steps and messages only. */
export async function execute(frame: Frame): Promise<Execution> {
  const { clock } = frame.parts;
  const startedAt = clock.now();
  const stopTimer = limitDuration(frame);
  const { attempt } = frame.claimed.run;
  const scope = new Scope({ id: null, parent: null, kind: "run", attempts: { run: attempt } });
  const body = runBody({ frame, scope });
  const end = await firstOf(body, { frame, scope });
  const ending = decideEnd(end, {
    definition: frame.definition,
    attempt,
    now: clock.now(),
    random: () => frame.parts.randomness.next(),
  });
  if (end.kind === "threw" && ending.kind === "back-off") {
    const { error } = end;
    tellOfFailedAttempt({ frame, scope }, { attempt, nextAt: ending.wakeAt, reason: toReasonOfRun(error), error });
  }
  frame.end();
  stopTimer();
  return { frame, ending, executedMs: Math.max(clock.now() - startedAt, 0), body };
}

/** The end of the function, or what ended the execution before it. */
function firstOf(body: Promise<Outcome | Interruption>, place: Place): Promise<Outcome | Interruption> {
  return new Promise((resolve, reject) => {
    place.frame.interruption.onInterruption(resolve);
    body.then((end) => (end.kind === "threw" ? resolveAtRest(end, { place, resolve }) : resolve(end)), reject);
  });
}

async function resolveAtRest(
  end: Outcome,
  { place, resolve }: { readonly place: Place; readonly resolve: (end: Outcome) => void },
): Promise<void> {
  await comeToRest(place);
  resolve(end);
}

/** Parses, calls `run`, and makes a value of whatever comes out of it. */
async function runBody(place: Place): Promise<Outcome | Interruption> {
  const { frame } = place;
  try {
    // Awaited though it is often there: what is entered below is not to be around whoever calls this.
    const payload = await readPayload(frame);
    // A schema may take its time, in which the run was ended or given back: what is not begun can do no harm.
    if (frame.interruption.current !== null) return frame.interruption.current;
    if (!payload.ok) return { kind: "invalid-payload", issues: payload.issues };
    const ctx = toRunContext(frame);
    const output = await frame.definition.run(payload.value, enterPlace(place), ctx);
    place.scope.noteReturn();
    return frame.interruption.current ?? { kind: "returned", output };
  } catch (error) {
    // What is thrown after an abort is the abort's echo, not an outcome of the job.
    return frame.interruption.current ?? { kind: "threw", error: await toRunError(error, frame.definition) };
  }
}

const NO_TIMER = (): void => undefined;

/** Aborts when the run has executed for longer than it may, earlier executions included. */
function limitDuration(frame: Frame): () => void {
  const { limitedMs } = frame.claimed;
  const { maxDurationMs } = frame.claimed.run;
  if (maxDurationMs === null) return NO_TIMER;
  const { clock } = frame.parts;
  const abort = (): void =>
    frame.abort("max-duration", `This run has executed for longer than its maximum duration of ${maxDurationMs} ms.`);
  return clock.setTimer(clock.now() + Math.max(0, maxDurationMs - limitedMs), abort, "deadline");
}

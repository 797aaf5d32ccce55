import { asDecoded, decode, formatIssues, InvalidPayloadError, parseWith } from "@beckon/core/runtime";
import type { Issue, Schema } from "@beckon/core/runtime";
import { decodeError, encodeError, toStoredError, toThrowable } from "../error-text.ts";
import { encodeIfPossible } from "../payload.ts";
import type { Place } from "./frame.ts";
import { toOwnStepId } from "./step-id.ts";
import { finished, saveStep, type StepIdentity } from "./step.ts";

/** A signal came that the schema it was waited for with refuses. It is never thrown as it is: nobody sees its class. */
class InvalidSignalError extends InvalidPayloadError {
  static override readonly name: string = "InvalidSignalError";

  constructor(signal: string, issues: readonly Issue[]) {
    super(signal, issues);
    this.message = `The payload of signal "${signal}" does not fit the schema it is waited for with: ${formatIssues(issues, "payload")}`;
  }
}

export interface ReceivedSignal {
  readonly wait: StepIdentity;
  readonly signal: string;
  readonly schema: Schema | undefined;
  readonly payload: unknown;
}

/**
 * Parses a signal's payload, inside `work`. What the schema makes of it is kept, as a run's payload is: the same value on
 * every replay, or the same refusal. A value that the codec cannot keep is made again each time.
 */
export async function parseSignal(place: Place, received: ReceivedSignal): Promise<unknown> {
  const { signal, schema, payload } = received;
  if (schema === undefined) return payload;
  const step: StepIdentity = { id: toOwnStepId(received.wait.id, "parsed"), kind: "value", name: `parse ${signal}` };
  const known = place.frame.memo.get(step.id);
  // A schema may take its time, and something else have ended before it.
  if (known !== undefined) await place.frame.completions.turnOf(known);
  if (known?.output != null) return decode(known.output);
  if (known?.error != null) throw toThrowable(decodeError(known.error));
  const parsed = await parseWith(schema, payload);
  if (parsed.ok) {
    const text = encodeIfPossible(parsed.value);
    if (text === null) return parsed.value;
    await saveStep(place, step, finished(place, text));
    // What every replay will see, in the first pass too.
    return asDecoded(parsed.value, text);
  }
  const refusal = toStoredError(new InvalidSignalError(signal, parsed.issues));
  await saveStep(place, step, { ...finished(place, null), status: "FAILURE", error: encodeError(refusal) });
  throw toThrowable(refusal);
}

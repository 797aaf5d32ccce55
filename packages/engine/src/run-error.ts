import { encode, formatIssues, parseWith } from "@beckon/core/runtime";
import type { BeckonError, DeclaredError, JobDefinition } from "@beckon/core/runtime";
import { type StoredError, toReason, toStoredError } from "./error-text.ts";
import { textOf } from "./thrown-text.ts";

/** How a run failed, as its callers are told. */
export type RunError = BeckonError | DeclaredError;

/** What callers are told of an error that escaped `run`: a declared one with its data as the schema makes it. */
export async function toRunError(thrown: unknown, definition: JobDefinition): Promise<RunError> {
  const { declared, message } = toStoredError(thrown);
  const schema = declared === undefined ? undefined : definition.errors[declared.code];
  if (declared === undefined || schema === undefined) return toUncaught(thrown);
  try {
    const parsed = await parseWith(schema, declared.data);
    if (parsed.ok) return keepable({ code: declared.code, message, data: parsed.value });
    return toUncaught(refusedData(thrown, { definition, declared, reason: formatIssues(parsed.issues, "data") }));
  } catch (error) {
    // A schema is the user's code, and may throw instead of refusing.
    return toUncaught(refusedData(thrown, { definition, declared, reason: textOf(error) }));
  }
}

function refusedData(
  cause: unknown,
  facts: { readonly definition: JobDefinition; readonly declared: { readonly code: string }; readonly reason: string },
): Error {
  const { definition, declared, reason } = facts;
  return new Error(`Job "${definition.id}" threw ${declared.code} with data that its schema refuses: ${reason}`, {
    cause,
  });
}

/** Why a run failed, in half a sentence. */
export function toReasonOfRun(error: RunError): string {
  return toReason("name" in error ? error : { name: error.code, message: error.message, declared: error });
}

/** An error that the job did not declare. */
export function toUncaught(thrown: unknown): BeckonError {
  const stored = toStoredError(thrown);
  const { name, message, stack, cause = toFailedRun(stored) } = stored;
  return {
    code: "UNCAUGHT",
    name,
    message,
    ...(stack === undefined ? {} : { stack }),
    ...(cause === undefined ? {} : { cause }),
  };
}

/** Of a JobError: which run failed that was asked for its output, and by what. Its own error is read there. */
function toFailedRun({ name, properties = {} }: StoredError): object | undefined {
  const { runId, code } = properties;
  return name === "JobError" && typeof runId === "string" ? { runId, code } : undefined;
}

function keepable(error: DeclaredError): RunError {
  try {
    encode(error.data, `The data of ${error.code}`);
    return error;
  } catch (refusal) {
    return toUncaught(refusal);
  }
}

import { encode, formatIssues, parseWith } from "@beckon/core/runtime";
import type { BeckonError, DeclaredError, JobDefinition } from "@beckon/core/runtime";
import { toStoredError } from "./error-text.ts";

/** How a run failed, as its callers are told. */
export type RunError = BeckonError | DeclaredError;

/** What callers are told of an error that escaped `run`: a declared one with its data as the schema makes it. */
export async function toRunError(thrown: unknown, definition: JobDefinition): Promise<RunError> {
  const { declared, message } = toStoredError(thrown);
  const schema = declared === undefined ? undefined : definition.errors[declared.code];
  if (declared === undefined || schema === undefined) return toUncaught(thrown);
  const parsed = await parseWith(schema, declared.data);
  if (!parsed.ok) {
    const issues = formatIssues(parsed.issues, "data");
    return toUncaught(
      new Error(`Job "${definition.id}" threw ${declared.code} with data that its schema refuses: ${issues}`, {
        cause: thrown,
      }),
    );
  }
  return keepable({ code: declared.code, message, data: parsed.value });
}

/** An error that the job did not declare. */
export function toUncaught(thrown: unknown): BeckonError {
  const { name, message, stack, cause } = toStoredError(thrown);
  return {
    code: "UNCAUGHT",
    name,
    message,
    ...(stack === undefined ? {} : { stack }),
    ...(cause === undefined ? {} : { cause }),
  };
}

function keepable(error: DeclaredError): RunError {
  try {
    encode(error.data, `The data of ${error.code}`);
    return error;
  } catch (refusal) {
    return toUncaught(refusal);
  }
}

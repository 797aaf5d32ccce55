import { describeValue, InvalidOptionError, refuseUnknownOptions } from "@beckon/core/runtime";

/** What refuses an option knows only its name; of which step it is nobody could tell where a run has many. */
export function ofStep<Read>(step: string, read: () => Read, kind: "Option" | "Argument" = "Option"): Read {
  try {
    return read();
  } catch (error) {
    throw error instanceof InvalidOptionError ? error.of({ step, kind }) : error;
  }
}

/** A misspelled option of a step would be dropped in silence. @throws InvalidOptionError naming the step */
export function checkOptions(step: string, options: unknown, known: object): void {
  checkObject(step, "options", options);
  ofStep(step, () => refuseUnknownOptions(options, known));
}

/** @throws InvalidOptionError naming the step and the argument */
export function checkObject(step: string, argument: string, value: unknown): asserts value is object {
  if (typeof value === "object" && value !== null) return;
  throw new InvalidOptionError(argument, `it is ${describeValue(value)}: give an object`, { step, kind: "Argument" });
}

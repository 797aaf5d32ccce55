import { describe, expect, test } from "vitest";
import * as errors from "./errors.ts";
import { fromWireError, toWireError } from "./wire-error.ts";

const SAMPLES = [
  new errors.InvalidPayloadError("charge", [{ path: ["items", 2], message: "expected a string, received 1" }], 4),
  new errors.IdempotencyConflictError("The key is taken.", { jobId: "charge", runId: "run_1" }),
  new errors.InvalidOptionError("delay", '"soon" is not a duration'),
  new errors.UnserializableValueError("payload.socket", "a Socket"),
  new errors.WaitTimeoutError("The wait of 5 s is over."),
  new errors.NotFoundError('There is no run "run_1".'),
  new errors.JobDisabledError("charge"),
  new errors.RunStateError("Run run_1 is finished."),
  new errors.NotAllowedError("The key is wrong."),
  new errors.UnavailableError("The server is draining.", { cause: new Error("secret") }),
];

/** What JSON can carry of an error's own fields. */
function fieldsOf(error: errors.OperationError): [string, unknown][] {
  return Object.entries(error).filter(([, value]) => value !== undefined);
}

describe("an OperationError crosses a wire", () => {
  test.each(SAMPLES)("as the same class with the same fields: $code", (sent) => {
    const received = fromWireError(JSON.parse(JSON.stringify(toWireError(sent))));
    expect(received).toBeInstanceOf(sent.constructor);
    expect(Object.entries(received ?? {})).toEqual(expect.arrayContaining(fieldsOf(sent)));
    expect(received?.message).toBe(sent.message);
  });

  test("without its stack and its cause", () => {
    const wire = toWireError(new errors.UnavailableError("The disk is full.", { cause: new Error("secret") }));
    expect(wire).toEqual({ code: "UNAVAILABLE", message: "The disk is full." });
  });

  test("every class has its line in the table", () => {
    const abstractOnes = ["OperationError", "JobError"];
    const classes = Object.values(errors).filter((value) => !abstractOnes.includes(value.name));
    const known = classes.filter((ErrorClass) => {
      const error: errors.OperationError = Reflect.construct(ErrorClass, ["text", []]);
      return fromWireError({ code: error.code, message: "text" }) instanceof ErrorClass;
    });
    expect(known.map(({ name }) => name)).toEqual(classes.map(({ name }) => name));
  });

  test.each([null, "NOT_FOUND", {}, { code: "FROM_THE_FUTURE", message: "?" }, { code: "toString", message: "?" }])(
    "and what is no known error gives undefined: %j",
    (wire) => {
      expect(fromWireError(wire)).toBeUndefined();
    },
  );
});

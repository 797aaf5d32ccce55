import type { DeclaredError, ReservedCode } from "./run-result.ts";
import type { InputOfSchema, OutputOfSchema, Schema } from "./schema.ts";

/** What a job declares under `errors`: a schema for the data of each code. */
export type ErrorSchemas = Readonly<Record<string, Schema>>;

/**
 * Refuses, at the field, a code of Beckon's own and a record whose codes are not literal (narrowing on
 * `code` would not work with either).
 */
export type CheckedErrors<Errors> = string extends keyof Errors
  ? "Declare each error code by name: an index signature cannot be narrowed on."
  : { readonly [Code in keyof Errors]: CheckedError<Errors, Code> };

type CheckedError<Errors, Code extends keyof Errors> = Code extends ReservedCode
  ? "This code is Beckon's own: choose another name."
  : Errors[Code] extends Schema
    ? Errors[Code]
    : "Give a schema for the data of this error.";

/**
 * The error that callers see for each declared code. Read it as `DeclaredErrorsByCode<Errors>[keyof Errors & string]`
 * where the union is meant: an alias for that would keep its name in the declarations that a jobs package emits, and
 * every consumer would have to load the schema library and work the union out again.
 */
export type DeclaredErrorsByCode<Errors> = {
  [Code in keyof Errors & string]: Errors[Code] extends Schema
    ? DeclaredError<Code, OutputOfSchema<Errors[Code]>>
    : never;
};

/** `ctx.errors`: makes the declared errors, to be thrown. Without a message an error's message is its code. */
export type ErrorConstructors<Errors> = {
  readonly [Code in keyof Errors & string]: Errors[Code] extends Schema
    ? (data: InputOfSchema<Errors[Code]>, message?: string) => DeclaredFailure
    : never;
};

/** The exception that `ctx.errors.CODE(data)` makes. Its data is parsed by the declared schema when it ends a run. */
export class DeclaredFailure extends Error {
  readonly code: string;
  readonly data: unknown;

  constructor(code: string, data: unknown, message: string) {
    super(message);
    this.name = "DeclaredFailure";
    this.code = code;
    this.data = data;
  }
}

/** Builds `ctx.errors` for the codes that a job declared. */
export function createErrorConstructors(
  codes: readonly string[],
): Readonly<Record<string, (data: unknown, message?: string) => DeclaredFailure>> {
  return Object.fromEntries(
    codes.map((code) => [code, (data: unknown, message?: string) => new DeclaredFailure(code, data, message ?? code)]),
  );
}

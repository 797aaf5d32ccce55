import { DefinitionError } from "./errors.ts";
import { refuseUnknownOptions } from "./known-options.ts";

/** How many runs may execute at once; one limit may span several jobs. */
export interface ConcurrencyLimit {
  readonly id: string;
  readonly limit: number;
}

/** Checks a limit's id and size. `place` begins the message. @throws DefinitionError @throws InvalidOptionError */
export function defineLimit(options: ConcurrencyLimit, place = ""): ConcurrencyLimit {
  const { id, limit } = options;
  refuseUnknownOptions(options, { id, limit });
  const subject = `${place}Concurrency limit "${id}"`;
  checkLimit(limit, subject);
  if (typeof id !== "string" || !/^[a-z0-9._-]{1,128}$/.test(id)) {
    throw new DefinitionError(`${subject}: use 1 to 128 lower-case letters, digits, "-", "." and "_" in its id.`);
  }
  return Object.freeze({ id, limit });
}

/** @throws DefinitionError unless `limit` is a whole number from 1 on. */
export function checkLimit(limit: number, subject: string): void {
  if (Number.isSafeInteger(limit) && limit >= 1) return;
  throw new DefinitionError(`${subject}: ${limit} is not a concurrency limit: give a whole number from 1 on.`);
}

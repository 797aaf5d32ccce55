import { DefinitionError } from "./errors.ts";

/** How many runs may execute at once; one limit may span several jobs. */
export interface ConcurrencyLimit {
  readonly id: string;
  readonly limit: number;
}

/** Checks a limit's id and size. @throws DefinitionError */
export function defineLimit(options: ConcurrencyLimit): ConcurrencyLimit {
  checkLimit(options.limit, `Concurrency limit "${options.id}"`);
  if (!/^[a-z0-9._-]{1,128}$/.test(options.id)) {
    throw new DefinitionError(
      `Concurrency limit "${options.id}": use lower-case letters, digits, "-", "." and "_" in its id.`,
    );
  }
  return Object.freeze({ id: options.id, limit: options.limit });
}

/** @throws DefinitionError unless `limit` is a whole number from 1 on. */
export function checkLimit(limit: number, subject: string): void {
  if (Number.isSafeInteger(limit) && limit >= 1) return;
  throw new DefinitionError(`${subject}: ${limit} is not a concurrency limit: give a whole number from 1 on.`);
}

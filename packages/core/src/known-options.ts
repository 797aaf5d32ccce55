import { InvalidOptionError } from "./errors.ts";

/**
 * A misspelled option would be dropped in silence, where no compiler looks. `known` has every option there is, in the order in
 * which they are told. @throws InvalidOptionError naming the unknown one
 */
export function refuseUnknownOptions(options: object, known: object): void {
  const unknown = Object.keys(options).find((option) => !Object.hasOwn(known, option));
  if (unknown === undefined) return;
  throw new InvalidOptionError(unknown, `there is no such option; known are ${Object.keys(known).join(", ")}`);
}

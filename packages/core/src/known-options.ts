import { InvalidOptionError } from "./errors.ts";

/**
 * A misspelled option would be dropped in silence, where no compiler looks. `known` has every option there is, in the order in
 * which they are told; `place` is what an inner one is named behind. @throws InvalidOptionError naming the unknown one
 */
export function refuseUnknownOptions(options: object, known: object, place = ""): void {
  const unknown = Object.keys(options).find((option) => !Object.hasOwn(known, option));
  if (unknown === undefined) return;
  const names = Object.keys(known).join(", ");
  throw new InvalidOptionError(`${place}${unknown}`, `there is no such option; known are ${names}`);
}

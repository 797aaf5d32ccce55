/** A system does not have what a workload asks for: it is left out of that workload, and the report says so. */
export class NotOfferedError extends Error {
  override readonly name = "NotOfferedError";
}

/** The way in that a workload needs. @throws NotOfferedError */
export function need<Way>(way: Way | undefined, name: string): Way {
  if (way === undefined) throw new NotOfferedError(`has no ${name}`);
  return way;
}

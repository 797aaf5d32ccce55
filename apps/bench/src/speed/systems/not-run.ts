/** Systems that are known and not measured, each with the reason. */
export const NOT_RUN: readonly string[] = [];

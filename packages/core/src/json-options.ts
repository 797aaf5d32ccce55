/**
 * The options of an invocation as plain JSON says them. JSON has no dates: there, an option that takes one takes its text.
 * Whatever else is no option's value is left for the birth of the run to refuse.
 */
export function fromJsonOptions(options: object): object {
  const { delay }: { delay?: unknown } = options;
  if (typeof delay !== "string" || !/^\d{4}-\d\d-\d\dT/.test(delay)) return options;
  const instant = new Date(delay);
  // Whoever sent a text is told what is wrong with that, and not with a Date that nobody sent.
  return Number.isNaN(instant.getTime()) ? options : { ...options, delay: instant };
}

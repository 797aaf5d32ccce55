/**
 * The options of an invocation as plain JSON says them. JSON has no dates: there, an option that takes one takes its text.
 * Whatever else is no option's value is left for the birth of the run to refuse.
 */
export function fromJsonOptions(options: object): object {
  const { delay }: { delay?: unknown } = options;
  const isInstant = typeof delay === "string" && /^\d{4}-\d\d-\d\dT/.test(delay);
  return isInstant ? { ...options, delay: new Date(delay) } : options;
}

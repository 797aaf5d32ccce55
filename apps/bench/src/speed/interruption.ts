/** Aborted, with a sentence as its reason, when somebody interrupts this process: once, so that a second time ends it at once. */
export function toInterruption(consequence: string): AbortSignal {
  const interruption = new AbortController();
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    process.once(name, () => interruption.abort(`Interrupted by ${name}: ${consequence}`));
  return interruption.signal;
}

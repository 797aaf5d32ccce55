/** Notes what is rejected and nobody waits for, which would end a process without the test's runner. */
export function watchStrayRejections(): Disposable & { readonly seen: readonly unknown[] } {
  const seen: unknown[] = [];
  const note = (reason: unknown): void => void seen.push(reason);
  process.on("unhandledRejection", note);
  return { seen, [Symbol.dispose]: () => void process.off("unhandledRejection", note) };
}

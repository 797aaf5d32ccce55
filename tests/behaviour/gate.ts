/** Something a test waits for and a job's code brings about, or the other way round; open once and for all. */
export interface Gate<Value = void> {
  readonly passed: Promise<Value>;
  open(value: Value): void;
}

export function createGate<Value = void>(): Gate<Value> {
  const { promise, resolve } = Promise.withResolvers<Value>();
  return { passed: promise, open: resolve };
}

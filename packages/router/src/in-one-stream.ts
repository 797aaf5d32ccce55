interface Arrived<Value> {
  readonly value: Value;
  readonly taken: () => void;
}

const NOBODY = (): void => undefined;

/**
 * What several sources give, as it comes. Each is asked for its next value once its last one was taken, so that none is read
 * faster than somebody listens. A source that waits must be ended by its own signal; one that throws ends all.
 */
export async function* inOneStream<Value>(sources: readonly AsyncIterable<Value>[]): AsyncGenerator<Value, void> {
  const arrived: Arrived<Value>[] = [];
  const state = { isOver: false, wake: NOBODY };
  const read = async (source: AsyncIterable<Value>): Promise<void> => {
    for await (const value of source) {
      await new Promise<void>((taken) => {
        if (state.isOver) return taken();
        arrived.push({ value, taken });
        state.wake();
      });
      if (state.isOver) return;
    }
  };
  const end = Promise.all(sources.map(read)).finally(() => {
    state.isOver = true;
    state.wake();
  });
  // Where nobody takes any more, nobody hears of a source that fails.
  end.catch(NOBODY);
  try {
    while (!state.isOver || arrived.length > 0) {
      const [next] = arrived;
      if (next === undefined) await new Promise<void>((resolve) => void (state.wake = resolve));
      else {
        yield next.value;
        arrived.shift();
        next.taken();
      }
    }
    await end;
  } finally {
    state.isOver = true;
    for (const { taken } of arrived) taken();
  }
}

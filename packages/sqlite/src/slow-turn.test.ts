import { expect, test } from "vitest";
import { newRun, toRequest } from "./testing/new-run.ts";
import { createTemporaryDatabase } from "./testing/temporary-database.ts";

// In a file of its own, because it moves the clock of its whole process.
/** Each look at the time is later than a turn may take. */
function jumpingClock(): Disposable & { readonly looks: number } {
  const real = performance.now.bind(performance);
  let looks = 0;
  performance.now = () => real() + (looks += 1) * 1_000;
  return {
    get looks() {
      return looks;
    },
    [Symbol.dispose]: () => void (performance.now = real),
  };
}

test("a write is done before anybody looks at the time, also alone", async () => {
  await using database = await createTemporaryDatabase();
  const store = await database.open();
  const [one, other] = [newRun(), newRun()];
  using clock = jumpingClock();
  const outcomes = await Promise.allSettled([
    store.createRuns(toRequest(one)),
    store.createRuns(toRequest({ ...other, id: one.id })),
  ]);
  expect(clock.looks).toBeGreaterThan(0);
  expect(outcomes).toMatchObject([{ status: "fulfilled", value: { kind: "created" } }, { status: "rejected" }]);
  expect(await store.readRun(one.id)).toMatchObject({ id: one.id });
});

import { BeckonClient, invokeTrigger } from "@beckon/core";
import { expect, test } from "vitest";
import { startTestRouter } from "./testing/test-router.ts";

const client = new BeckonClient({ id: "tests" });
const divide = client.defineJob({
  id: "divide",
  name: "Divide",
  version: "1.0.0",
  trigger: invokeTrigger(),
  concurrencyLimit: 3,
  run: async (by: number) => {
    if (by === 0) throw new Error(`Nobody divides ${Math.PI} by 0.`);
    return 1 / by;
  },
});

test("catalog.activity counts what ended, job by job", async () => {
  await using world = await startTestRouter({ divide });
  const { jobs, runs, catalog } = world.caller;
  for (const payload of [1, 2, 0]) {
    const { id } = await jobs.divide.invoke({ payload });
    await runs.result({ id });
  }
  const activity = await catalog.activity({ span: "hour" });
  expect(activity.total).toMatchObject({ succeeded: 2, failed: 1, canceled: 0 });
  expect(activity.stretches).toHaveLength(60);
  expect(activity.stretches.at(-1)).toMatchObject({ succeeded: 2, failed: 1 });
  expect(activity.jobs).toMatchObject([{ jobId: "divide", succeeded: 2, failed: 1, lastRun: { status: "FAILURE" } }]);
});

test("catalog.failures groups errors that differ in numbers only", async () => {
  await using world = await startTestRouter({ divide });
  const { jobs, runs, catalog } = world.caller;
  for (const payload of [0, 0]) {
    const { id } = await jobs.divide.invoke({ payload });
    await runs.result({ id });
  }
  expect(await catalog.failures({ span: "day" })).toMatchObject({
    groups: [{ jobId: "divide", code: "UNCAUGHT", count: 2 }],
    looked: 2,
    isPartial: false,
  });
});

test("catalog.queues tells how full queues and limits are", async () => {
  await using world = await startTestRouter({ divide });
  const { jobs, catalog } = world.caller;
  await jobs.divide.invoke({ payload: 1, options: { delay: "1h" } });
  const queues = await catalog.queues();
  expect(queues).toMatchObject({
    jobs: [{ jobId: "divide", live: { DELAYED: 1 } }],
    limits: [{ id: "job:divide", max: 3, taken: 0, waiting: 0 }],
  });
  expect(queues.samples).toHaveLength(1);
});

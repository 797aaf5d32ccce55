import { BeckonClient, invokeTrigger } from "@beckon/core";
import type { IO } from "@beckon/core";
import { expect, test } from "vitest";
import { createGate } from "./gate.ts";
import { createLedger } from "./ledger.ts";
import { createWorld } from "./scheduling-world.ts";

const client = new BeckonClient({ id: "tests" });

function defineJob(id: string, run: (io: IO, payload: number) => unknown) {
  return client.defineJob({
    id,
    name: id,
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: (payload: number, io) => run(io, payload),
  });
}

test("explain an executing run that was parked before: since when it executes now, however much it has done since", async () => {
  const [gate, ledger] = [createGate(), createLedger()];
  const job = defineJob("job", async (io) => {
    await io.wait("week", "7d");
    for (let step = 0; step < 1_100; step += 1) io.logger.info(`step ${step}`);
    await io.runTask("work", () => {
      ledger.note("work");
      return gate.passed;
    });
  });
  await using world = await createWorld([job]);
  const server = await world.start();
  const run = await server.use(job).invoke(1);
  await server.until(run.id, "WAITING");
  await server.clock.advance(7 * 86_400_000);
  await ledger.until("work");
  const since = new Date(server.clock.now());
  await server.clock.advance(5_000);
  expect((await run.explain()).reasons).toEqual([{ kind: "executing", since, tasks: ["work"] }]);
  gate.open();
});

test("explain a wait for a batch: the runs that have not ended, a few of them by name, in one sentence", async () => {
  const child = defineJob("child", (io, days) => io.wait("days", days * 86_400));
  const parent = defineJob("parent", async () =>
    child.batchInvokeAndWait(Array.from({ length: 9 }, (_, days) => ({ payload: days }))),
  );
  await using world = await createWorld([child, parent]);
  const server = await world.start();
  const run = await server.use(parent).invoke(1);
  await server.until(run.id, "WAITING");
  await server.clock.advance(2 * 86_400_000);
  const { runs } = await server.engine.listRuns({ job: "child", status: "WAITING" });
  const left = runs.map(({ id }) => id).toSorted();
  expect(left).toHaveLength(6);
  const { reasons, summary } = await run.explain();
  const named = left.slice(0, 5);
  expect(reasons).toEqual(
    named.map((runId) => ({ kind: "waiting-for-run", key: "results of 9 × child", runId, until: null })),
  );
  expect(summary).toBe(`It waits in "results of 9 × child" for ${named.join(", ")} and 1 more.`);
  await server.clock.advance(5 * 86_400_000);
  expect(await run.explain()).toMatchObject({
    summary: `It waits in "results of 9 × child" for ${left.at(-1)}.`,
    reasons: [{ runId: left.at(-1) }],
  });
});

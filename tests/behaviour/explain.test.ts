import { BeckonClient, invokeTrigger } from "@beckon/core";
import type { IO } from "@beckon/core";
import { expect, test } from "vitest";
import { createGate } from "./gate.ts";
import { createLedger } from "./ledger.ts";
import { createWorld } from "./scheduling-world.ts";

const client = new BeckonClient({ id: "tests" });

function defineJob(id: string, run: (io: IO) => unknown, concurrencyLimit?: number) {
  return client.defineJob({
    id,
    name: id,
    version: "1.0.0",
    trigger: invokeTrigger(),
    concurrencyLimit,
    retry: { limit: 2, minTimeoutInMs: 5_000, randomize: false },
    run: (_payload, io) => run(io),
  });
}

/** A job whose runs execute until the gate opens. */
function defineHeld(id: string, concurrencyLimit?: number) {
  const [gate, ledger] = [createGate(), createLedger()];
  const job = defineJob(
    id,
    (io) =>
      io.runTask("hold", () => {
        ledger.note("executing");
        return gate.passed;
      }),
    concurrencyLimit,
  );
  return { job, gate, ledger };
}

test("explain a delayed run, and one between two attempts", async () => {
  const job = defineJob("job", () => Promise.reject(new Error("fails")));
  await using world = await createWorld([job]);
  const server = await world.start();
  const until = new Date(server.clock.now() + 3_600_000);
  const delayed = await server.use(job).invoke({}, { delay: "1h" });
  expect(await delayed.explain()).toEqual({
    runId: delayed.id,
    status: "DELAYED",
    summary: `It is delayed until ${until.toISOString()}.`,
    reasons: [{ kind: "delayed", until }],
  });
  const failing = await server.use(job).invoke({});
  await server.until(failing.id, "DELAYED");
  const retryAt = new Date(server.clock.now() + 5_000);
  expect(await failing.explain()).toEqual({
    runId: failing.id,
    status: "DELAYED",
    summary: `Its last attempt failed; attempt 2 starts at ${retryAt.toISOString()}.`,
    reasons: [{ kind: "retrying", until: retryAt, attempt: 2 }],
  });
});

test("explain where a run is in line", async () => {
  const { job, gate, ledger } = defineHeld("job");
  await using world = await createWorld([job]);
  const server = await world.start({ concurrency: 1 });
  await server.use(job).invoke({});
  await ledger.until("executing");
  const [first, second, third] = await server.use(job).batchInvoke([{ payload: 1 }, { payload: 2 }, { payload: 3 }]);
  expect(await first?.explain()).toMatchObject({ status: "QUEUED", summary: "It is next in line." });
  expect(await second?.explain()).toMatchObject({ reasons: [{ kind: "queued", position: 2 }] });
  const urgent = await server.use(job).invoke({}, { priority: 5 });
  expect(await urgent.explain()).toMatchObject({ reasons: [{ kind: "queued", position: 1 }] });
  expect(await third?.explain()).toMatchObject({
    reasons: [{ kind: "queued", position: 4 }],
    summary: "It is number 4 in line.",
  });
  gate.open();
});

test("explain a run held back by a full limit: how full, and by whom", async () => {
  const { job, gate, ledger } = defineHeld("job", 2);
  await using world = await createWorld([job]);
  const server = await world.start();
  const holders = [await server.use(job).invoke({}), await server.use(job).invoke({})];
  await ledger.until("executing", 2);
  const first = await server.use(job).invoke({});
  const second = await server.use(job).invoke({});
  const heldBy = holders.map(({ id }) => id);
  expect(await second.explain()).toEqual({
    runId: second.id,
    status: "QUEUED",
    summary: `Limit "job:job" is at 2/2, held by ${heldBy.join(", ")}. It is number 2 in line.`,
    reasons: [
      { kind: "limited", limit: "job:job", taken: 2, max: 2, heldBy },
      { kind: "queued", position: 2 },
    ],
  });
  expect((await first.explain()).reasons).toContainEqual({ kind: "queued", position: 1 });
  gate.open();
});

test("explain a run whose limit has a place for it: the limit is not what it waits for", async () => {
  const busy = defineHeld("busy");
  const limited = defineJob("limited", () => undefined, 3);
  await using world = await createWorld([busy.job, limited]);
  const server = await world.start({ concurrency: 1 });
  await server.use(busy.job).invoke({});
  await busy.ledger.until("executing");
  const run = await server.use(limited).invoke({});
  expect(await run.explain()).toMatchObject({
    summary: "It is next in line.",
    reasons: [{ kind: "queued", position: 1 }],
  });
  busy.gate.open();
});

test("explain a paused job's run, and one that no running server defines", async () => {
  const job = defineJob("job", () => undefined);
  const other = defineJob("other", () => undefined);
  await using world = await createWorld([job]);
  const one = await world.start();
  await one.engine.setJobPaused({ jobId: "job", isPaused: true });
  const run = await one.use(job).invoke({});
  expect(await run.explain()).toMatchObject({
    summary: "Its job is paused. It is next in line.",
    reasons: [{ kind: "paused" }, { kind: "queued", position: 1 }],
  });
  await one.stop();
  const two = await world.start({ jobs: [other] });
  expect(await two.engine.explain(run.id)).toMatchObject({
    summary: expect.stringContaining("No running server defines its job: deploy one that does."),
    reasons: expect.arrayContaining([{ kind: "no-worker" }, { kind: "paused" }]),
  });
});

test("explain an executing run, and the tasks it is in", async () => {
  const [gate, ledger] = [createGate(), createLedger()];
  const job = defineJob("job", async (io) => {
    await io.runTask("finished", () => undefined);
    await Promise.all(
      ["one", "two"].map((key) =>
        io.runTask(key, () => {
          ledger.note(key);
          return gate.passed;
        }),
      ),
    );
  });
  await using world = await createWorld([job]);
  const server = await world.start();
  const run = await server.use(job).invoke({});
  await ledger.until("two");
  await server.clock.advance(1_000);
  const since = new Date(server.clock.now() - 1_000);
  expect(await run.explain()).toEqual({
    runId: run.id,
    status: "EXECUTING",
    summary: `It is executing since ${since.toISOString()}, in one, two.`,
    reasons: [{ kind: "executing", since, tasks: ["one", "two"] }],
  });
  gate.open();
});

test("explain each kind of waiting", async () => {
  const child = defineHeld("child");
  const job = defineJob("job", (io) =>
    Promise.all([
      io.wait("nap", "1h"),
      io.waitForSignal("approval", "approved", { id: "invoice-7", timeout: "2h" }),
      io.waitForSignal("forever", "someday"),
      io.waitForRequest("callback", () => undefined, { timeout: "3h" }),
      child.job.invokeAndWait({}, { timeout: "4h" }),
      io.runTask("flaky", () => Promise.reject(new Error("busy")), {
        retry: { limit: 2, minTimeoutInMs: 18_000_000, randomize: false, maxTimeoutInMs: 18_000_000 },
      }),
    ]),
  );
  await using world = await createWorld([job, child.job]);
  const server = await world.start();
  const run = await server.use(job).invoke({});
  await server.until(run.id, "WAITING");
  const childId = (await server.engine.listRuns({ job: "child" })).runs[0]?.id ?? "";
  const inHours = (hours: number): Date => new Date(server.clock.now() + hours * 3_600_000);
  const { status, summary, reasons } = await run.explain();
  expect(status).toBe("WAITING");
  expect(reasons).toHaveLength(6);
  expect(reasons).toEqual(
    expect.arrayContaining([
      { kind: "waiting-until", key: "nap", until: inHours(1) },
      { kind: "waiting-for-signal", key: "approval", signal: "approved", id: "invoice-7", until: inHours(2) },
      { kind: "waiting-for-signal", key: "forever", signal: "someday", id: null, until: null },
      { kind: "waiting-for-request", key: "callback", until: inHours(3) },
      { kind: "waiting-for-run", key: "result of child", runId: childId, until: inHours(4) },
      { kind: "retrying-task", key: "flaky", message: "busy", attempt: 2, until: inHours(5) },
    ]),
  );
  expect(summary).toContain(`It waits in "nap" until ${inHours(1).toISOString()}.`);
  expect(summary).toContain(
    `It waits in "approval" for the signal "approved" with the id "invoice-7", at the latest until ${inHours(2).toISOString()}.`,
  );
  expect(summary).toContain('It waits in "forever" for the signal "someday".');
  expect(summary).toContain(
    `It waits in "callback" for a request to its URL, at the latest until ${inHours(3).toISOString()}.`,
  );
  expect(summary).toContain(
    `It waits in "result of child" for ${childId}, at the latest until ${inHours(4).toISOString()}.`,
  );
  expect(summary).toContain(`"flaky" failed (busy); attempt 2 starts at ${inHours(5).toISOString()}.`);
  child.gate.open();
});

test("explain a finished run, however it ended, and one that never was", async () => {
  const job = defineJob("job", () => "done");
  await using world = await createWorld([job]);
  const server = await world.start();
  const finished = await server.use(job).invoke({});
  await finished.result();
  const canceled = await server.use(job).invoke({}, { delay: "1h" });
  await canceled.cancel();
  const at = new Date(server.clock.now());
  expect(await finished.explain()).toEqual({
    runId: finished.id,
    status: "SUCCESS",
    summary: `It finished at ${at.toISOString()}.`,
    reasons: [{ kind: "finished", at }],
  });
  expect(await canceled.explain()).toMatchObject({ status: "CANCELED", reasons: [{ kind: "finished", at }] });
  await expect(server.engine.explain("run_nothing")).rejects.toMatchObject({ code: "NOT_FOUND" });
});

import { BeckonClient, invokeTrigger } from "@beckon/core";
import { expect, test } from "vitest";
import { createGate } from "./gate.ts";
import { createLedger } from "./ledger.ts";
import { createWorld } from "./scheduling-world.ts";

const client = new BeckonClient({ id: "tests" });

function defineJob(id: string, run: () => unknown, ttl?: `${number}m`) {
  return client.defineJob({ id, name: id, version: "1.0.0", trigger: invokeTrigger(), ttl, run });
}

test("B42 a delayed run starts at its instant: a duration, seconds or a Date, and not a moment before", async () => {
  const job = defineJob("job", () => undefined);
  await using world = await createWorld([job]);
  const server = await world.start();
  const { clock } = server;
  const later = new Date(clock.now() + 3_600_000);
  for (const [delay, ms] of [
    ["90s", 90_000],
    [120, 120_000],
    [later, 3_600_000 - 90_000 - 120_000],
    ["7d", 7 * 86_400_000],
  ] as const) {
    const startAt = clock.now() + ms;
    const run = await server.use(job).invoke({}, { delay });
    expect(await server.engine.readRun(run.id)).toMatchObject({ status: "DELAYED", startAt: new Date(startAt) });
    await clock.advanceTo(startAt - 1);
    expect((await server.engine.readRun(run.id)).status).toBe("DELAYED");
    const result = run.result();
    await clock.advance(1);
    expect((await result).startedAt).toEqual(new Date(startAt));
  }
});

test("B42 a delay that is over or nothing starts at once; one that cannot be meant is refused", async () => {
  const job = defineJob("job", () => undefined);
  await using world = await createWorld([job]);
  const server = await world.start();
  for (const delay of [0, "0s", new Date(0)] as const)
    expect((await (await server.use(job).invoke({}, { delay })).result()).ok).toBe(true);
  for (const delay of [-1, Number.NaN, "soon" as "1s", new Date("never")])
    await expect(server.use(job).invoke({}, { delay })).rejects.toMatchObject({ option: "delay" });
});

test("B42 a delay survives a restart: one that was over meanwhile, and one that is not", async () => {
  const job = defineJob("job", () => "done");
  await using world = await createWorld([job]);
  const one = await world.start();
  const startedAt = one.clock.now();
  const over = await one.use(job).invoke({}, { delay: "1h" });
  const pending = await one.use(job).invoke({}, { delay: "4h" });
  one.kill();
  const two = await world.start({ startAt: startedAt + 2 * 3_600_000 });
  expect(await two.use(job).run(over.id).output()).toBe("done");
  const run = two.use(job).run(pending.id);
  await two.clock.advanceTo(startedAt + 4 * 3_600_000 - 1);
  expect((await two.engine.readRun(pending.id)).status).toBe("DELAYED");
  await two.clock.advance(1);
  expect(await run.result()).toMatchObject({ ok: true, startedAt: new Date(startedAt + 4 * 3_600_000) });
});

test("B42 a run that is not started within its ttl becomes EXPIRED to the second, and never runs", async () => {
  const ledger = createLedger();
  const gate = createGate();
  const blocker = defineJob("blocker", () => {
    ledger.note("blocked");
    return gate.passed;
  });
  const job = defineJob("job", () => ledger.note("ran"), "2m");
  await using world = await createWorld([job, blocker]);
  const server = await world.start({ concurrency: 1 });
  await server.use(blocker).invoke({});
  await ledger.until("blocked");
  const own = await server.use(job).invoke({});
  const shorter = await server.use(job).invoke({}, { ttl: "30s" });
  await server.clock.advance(29_999);
  expect((await server.engine.readRun(shorter.id)).status).toBe("QUEUED");
  await server.clock.advance(1);
  expect(await shorter.result()).toMatchObject({
    ok: false,
    status: "EXPIRED",
    error: { code: "EXPIRED", message: expect.stringContaining("30000 ms") },
    startedAt: null,
    completedAt: new Date(server.clock.now()),
  });
  await server.clock.advance(89_999);
  expect((await server.engine.readRun(own.id)).status).toBe("QUEUED");
  await server.clock.advance(1);
  expect((await own.result()).status).toBe("EXPIRED");
  gate.open();
  await server.clock.tick();
  expect(ledger.entries).toEqual(["blocked"]);
});

test("B42 a ttl of nothing expires what cannot start at once, and not what can", async () => {
  const ledger = createLedger();
  const gate = createGate();
  const job = defineJob("job", () => {
    ledger.note("begins");
    return gate.passed;
  });
  await using world = await createWorld([job]);
  const server = await world.start({ concurrency: 1 });
  const first = await server.use(job).invoke({}, { ttl: "1s" });
  await ledger.until("begins");
  const second = await server.use(job).invoke({}, { ttl: 0 });
  const result = second.result();
  await server.clock.tick();
  expect((await result).status).toBe("EXPIRED");
  gate.open();
  expect((await first.result()).ok).toBe(true);
});

test("B42 the ttl counts from the first QUEUED, so a delay does not eat it, to the first start, so waits and crashes do not", async () => {
  const ledger = createLedger();
  const gate = createGate();
  const job = client.defineJob({
    id: "job",
    name: "Job",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: async (_payload, io) => {
      ledger.note("begins");
      await io.wait("day", "1d");
      await io.runTask("work", () => {
        ledger.note("works");
        return gate.passed;
      });
      return "done";
    },
  });
  await using world = await createWorld([job]);
  const one = await world.start({ concurrency: 1 });
  const { id } = await one.use(job).invoke({}, { delay: "1h", ttl: "1m" });
  await one.clock.advance(3_600_000);
  await one.until(id, "WAITING");
  await one.clock.advance(86_400_000);
  await ledger.until("works");
  one.kill();
  // The run was started long ago: that its successor comes late is no reason to expire it.
  const two = await world.start({ startAt: one.clock.now() + 86_400_000 });
  gate.open();
  expect(await two.use(job).run(id).output()).toBe("done");
});

test("B42 a run that waited long in the backlog of a limit is not taken for a stale one", async () => {
  const ledger = createLedger();
  const gate = createGate();
  const job = client.defineJob({
    id: "limited",
    name: "Limited",
    version: "1.0.0",
    trigger: invokeTrigger(),
    concurrencyLimit: 1,
    run: () => {
      ledger.note("begins");
      return ledger.count("begins") === 1 ? gate.passed : undefined;
    },
  });
  await using world = await createWorld([job]);
  const server = await world.start({ recoveryMs: 60_000, retentionMs: 86_400_000 });
  await server.use(job).invoke({});
  await ledger.until("begins");
  const second = await server.use(job).invoke({});
  await server.clock.advance(3_600_000);
  await server.clock.advance(86_400_000 * 3);
  expect(await server.engine.readRun(second.id)).toMatchObject({ status: "QUEUED", hold: "limit" });
  gate.open();
  expect((await second.result()).ok).toBe(true);
});

test("B42 a run that a busy server took and has not begun still expires", async () => {
  const ledger = createLedger();
  const gates = [createGate(), createGate()];
  const job = client.defineJob({
    id: "job",
    name: "Job",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: () => {
      ledger.note("begins");
      return gates[ledger.count("begins") - 1]?.passed;
    },
  });
  await using world = await createWorld([job]);
  const server = await world.start({ concurrency: 1 });
  await server.use(job).invoke({});
  await ledger.until("begins");
  await server.use(job).invoke({});
  const run = await server.use(job).invoke({}, { ttl: "10s" });
  // As the first was short, the server takes more than the one that its slot is free for.
  gates[0]?.open();
  await ledger.until("begins", 2);
  const result = run.result();
  await server.clock.advance(10_000);
  gates[1]?.open();
  expect((await result).status).toBe("EXPIRED");
});

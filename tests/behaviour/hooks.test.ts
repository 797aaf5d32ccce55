import { BeckonClient, invokeTrigger } from "@beckon/core";
import { expect, test } from "vitest";
import { z } from "zod";
import { createGate } from "./gate.ts";
import { createLedger } from "./ledger.ts";
import { createWorld } from "./scheduling-world.ts";
import { watchStrayRejections } from "./stray-rejections.ts";
import { type CountedStore, countStore } from "./watched-store.ts";

const client = new BeckonClient({ id: "tests" });
const trigger = invokeTrigger({ schema: z.enum(["good", "bad", "canceled"]) });

test("onSuccess and onFailure are told how the run ended, each about its own ends", async () => {
  const told: unknown[] = [];
  const ledger = createLedger();
  const tell = (hook: string) => (notification: unknown) => {
    told.push([hook, notification]);
    ledger.note(hook);
  };
  const job = client.defineJob({
    id: "job",
    name: "The job",
    version: "1.0.0",
    trigger,
    onSuccess: tell("success"),
    onFailure: tell("failure"),
    run: (kind) => {
      if (kind === "bad") throw new Error("failed");
      return kind === "good" ? new Date(1) : createGate().passed;
    },
  });
  await using world = await createWorld([job]);
  const server = await world.start();
  const good = await server.use(job).invoke("good", { isTest: true });
  await ledger.until("success");
  await server.use(job).invoke("bad");
  await ledger.until("failure");
  const canceled = await server.use(job).invoke("canceled");
  await canceled.cancel();
  await ledger.until("failure", 2);
  const named = { id: "job", name: "The job", version: "1.0.0" };
  expect(told).toMatchObject([
    ["success", { job: named, run: { id: good.id, isTest: true }, result: { ok: true, output: new Date(1) } }],
    ["failure", { job: named, result: { ok: false, status: "FAILURE", error: { message: "failed" } } }],
    ["failure", { job: named, run: { id: canceled.id }, result: { status: "CANCELED" } }],
  ]);
});

test("an error in a hook changes nothing about the run; the hook is told again, and at last given up", async () => {
  const ledger = createLedger();
  const job = client.defineJob({
    id: "job",
    name: "Job",
    version: "1.0.0",
    trigger,
    onSuccess: () => {
      ledger.note("told");
      throw new Error("the hook is broken");
    },
    run: () => "done",
  });
  await using world = await createWorld([job]);
  const problems: string[] = [];
  const server = await world.start({ onProblem: ({ message }) => problems.push(message) });
  const run = await server.use(job).invoke("good");
  expect(await run.output()).toBe("done");
  await ledger.until("told");
  await server.clock.advance(3_600_000);
  expect(ledger.count("told")).toBe(5);
  const toProblem = (attempt: number, next: string): string =>
    `The hook of job "job" failed for run ${run.id} (attempt ${attempt}; ${next}): the hook is broken`;
  const again = [1, 2, 3, 4].map((attempt) => toProblem(attempt, "it is tried again"));
  expect(problems).toEqual([...again, toProblem(5, "it is given up")]);
  expect(await run.result()).toMatchObject({ ok: true, status: "SUCCESS", output: "done" });
});

test("a hook is told at least once: also after the death of the process that was telling it", async () => {
  const ledger = createLedger();
  const hang = createGate();
  const job = client.defineJob({
    id: "job",
    name: "Job",
    version: "1.0.0",
    trigger,
    onSuccess: async () => {
      ledger.note("told");
      if (ledger.count("told") === 1) await hang.passed;
      ledger.note("done");
    },
    run: () => "done",
  });
  await using world = await createWorld([job]);
  const one = await world.start();
  await one.use(job).invoke("good");
  await ledger.until("told");
  one.kill();
  await world.start();
  await ledger.until("done");
  expect(ledger.entries).toEqual(["told", "told", "done"]);
  hang.open();
});

test("a hook that never answers holds up neither the other hooks nor stopping", async () => {
  const ledger = createLedger();
  const job = client.defineJob({
    id: "job",
    name: "Job",
    version: "1.0.0",
    trigger,
    onSuccess: async ({ run }) => {
      ledger.note(run.id);
      if (ledger.entries.length === 1) await createGate().passed;
    },
    run: () => "done",
  });
  await using world = await createWorld([job]);
  const server = await world.start();
  const ids = [];
  for (let n = 1; n <= 3; n += 1) {
    const { id } = await server.use(job).invoke("good");
    await ledger.until(id);
    ids.push(id);
  }
  const stopped = server.stop({ timeoutMs: 10_000 });
  await server.clock.advance(10_000);
  await stopped;
  // What was not told is told by the successor.
  await world.start();
  await ledger.until(ids[0] ?? "", 2);
  expect(ledger.entries).toEqual([...ids, ids[0]]);
});

test("a hook may invoke jobs: those runs are nobody's children, whichever run's step is saved in the same moment", async () => {
  const ledger = createLedger();
  const end = createGate();
  const follower = client.defineJob({
    id: "follower",
    name: "Follower",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: (payload: string, _io, ctx) => ledger.note(`${payload}, parent ${String(ctx.parent?.jobId)}`),
  });
  const job = client.defineJob({
    id: "job",
    name: "Job",
    version: "1.0.0",
    trigger,
    onSuccess: async () => {
      const next = await server.use(follower).invoke("follows");
      ledger.note(`output ${String((await next.result()).ok)}`);
    },
    run: () => {
      ledger.note("executing");
      return end.passed;
    },
  });
  const bystander = client.defineJob({
    id: "bystander",
    name: "Bystander",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: async (_payload, io) => {
      end.open();
      await io.runTask("step", () => undefined);
    },
  });
  await using world = await createWorld([job, follower, bystander]);
  const server = await world.start();
  await server.use(job).invoke("good");
  await ledger.until("executing");
  await server.use(bystander).invoke({});
  await ledger.until("output true");
  expect(ledger.entries).toEqual(["executing", "follows, parent undefined", "output true"]);
});

test("a run that is retried by hand tells its hooks about each of its ends", async () => {
  const ledger = createLedger();
  const job = client.defineJob({
    id: "job",
    name: "Job",
    version: "1.0.0",
    trigger,
    onSuccess: () => ledger.note("success"),
    onFailure: () => ledger.note("failure"),
    run: (_kind, _io, { run }) => {
      if (run.attempt === 1) throw new Error("once");
    },
  });
  await using world = await createWorld([job]);
  const server = await world.start();
  const run = await server.use(job).invoke("good");
  await ledger.until("failure");
  await server.engine.retry(run.id);
  await ledger.until("success");
  await server.clock.advance(60_000);
  expect(ledger.entries).toEqual(["failure", "success"]);
});

test("hooks that never answer keep others of their job waiting for five minutes, not for ever", async () => {
  const ledger = createLedger();
  const job = client.defineJob({
    id: "job",
    name: "Job",
    version: "1.0.0",
    trigger,
    onSuccess: () => {
      ledger.note("told");
      return createGate().passed;
    },
    onFailure: () => ledger.note("failure"),
    run: (kind) => {
      if (kind === "bad") throw new Error("failed");
    },
  });
  await using world = await createWorld([job]);
  const server = await world.start();
  await server.use(job).batchInvoke(Array.from({ length: 5 }, () => ({ payload: "good" as const })));
  await ledger.until("told", 5);
  const bad = await server.use(job).invoke("bad");
  await bad.result();
  await server.clock.advance(5 * 60_000 - 1);
  expect(ledger.count("failure")).toBe(0);
  await server.clock.advance(1);
  await ledger.until("failure");
  expect(ledger.count("failure")).toBe(1);
});

test("hooks that never answer hold up neither those of other jobs nor callbacks", async () => {
  const ledger = createLedger();
  const base = { name: "Job", version: "1.0.0", trigger: invokeTrigger(), run: () => "done" };
  const hanging = client.defineJob({ ...base, id: "hanging", onSuccess: () => createGate().passed });
  const hooked = client.defineJob({ ...base, id: "hooked", onSuccess: () => ledger.note("hook") });
  await using world = await createWorld([hanging, hooked]);
  const server = await world.start({ deliverCallback: async () => ledger.note("callback") });
  await server.use(hanging).batchInvokeAndWait(Array.from({ length: 100 }, () => ({ payload: {} })));
  await server.use(hooked).invokeAndWait({});
  await ledger.until("hook");
  await server.use(hanging).invokeAndWait({}, { callbackUrl: "https://receiver.test/done" });
  await ledger.until("callback");
  expect(ledger.entries).toEqual(["hook", "callback"]);
});

test("what a hook does after stopping gave it up asks nothing of a store that is closed by then", async () => {
  const ledger = createLedger();
  const slow = createGate();
  const job = client.defineJob({
    id: "job",
    name: "Job",
    version: "1.0.0",
    trigger,
    onSuccess: () => {
      ledger.note("told");
      return slow.passed;
    },
    run: () => "done",
  });
  await using world = await createWorld([job]);
  let counted: CountedStore | undefined;
  const server = await world.start({ around: (store) => (counted = countStore(store)).store });
  await server.use(job).invoke("good");
  await ledger.until("told");
  const stopped = server.stop({ timeoutMs: 1_000 });
  await server.clock.advance(1_000);
  await stopped;
  await server.store.close();
  using stray = watchStrayRejections();
  const before = counted?.asked();
  slow.open();
  for (let turns = 0; turns < 20; turns += 1) await new Promise((resolve) => void setImmediate(resolve));
  expect(stray.seen).toEqual([]);
  expect(counted?.asked()).toBe(before);
});

import { AsyncLocalStorage } from "node:async_hooks";
import { once } from "node:events";
import { BeckonClient, invokeTrigger, type IO } from "@beckon/core";
import { NotFoundError, RunStateError, type Task } from "@beckon/core/runtime";
import { expect, test, vi } from "vitest";
import { playEveryCrash } from "./every-crash.ts";
import { createLedger } from "./ledger.ts";
import { startWorld } from "./world.ts";

/** One plays some dozens of short plays. */
vi.setConfig({ testTimeout: 60_000 });

const client = new BeckonClient({ id: "tests" });

const sleeper = client.defineJob({
  id: "sleeper",
  name: "Sleeper",
  version: "1.0.0",
  trigger: invokeTrigger(),
  run: (_payload, io) => io.wait("nap", "30d"),
});

function defineParent<Output>(run: (io: IO, attempt: number) => Promise<Output>) {
  return client.defineJob({
    id: "parent",
    name: "Parent",
    version: "1.0.0",
    trigger: invokeTrigger(),
    retry: { limit: 2, minTimeoutInMs: 1_000, factor: 1, randomize: false },
    run: (_payload, io, ctx) => run(io, ctx.run.attempt),
  });
}

const refused = (error: unknown): unknown[] => [
  error instanceof RunStateError,
  error instanceof NotFoundError,
  (error as Error).message,
];

test("B29 a run that cancels another goes on after a wait, and cancels once", async () => {
  const parent = defineParent(async (io) => {
    const run = await sleeper.invoke();
    await io.wait("before", "1h");
    await run.cancel();
    await io.wait("after", "1h");
    return run.id;
  });
  await using world = await startWorld([parent, sleeper]);
  const run = await parent.invoke({});
  await world.until(run.id, "WAITING");
  await world.clock.advance(3_600_000);
  await world.until(run.id, "WAITING", 2);
  const [child] = (await world.engine.listRuns({ job: "sleeper" })).runs;
  expect(child).toMatchObject({ status: "CANCELED" });
  // Opened again by hand: the replay is to leave it alone.
  await world.engine.retry(child?.id ?? "");
  await world.clock.advance(3_600_000);
  expect(await run.output()).toBe(child?.id);
  expect(await world.engine.readRun(child?.id ?? "")).toMatchObject({ status: "WAITING" });
  const steps = await world.engine.readTasks(run.id);
  expect(steps.map(({ name, status }) => `${name} ${status}`)).toContain("cancel sleeper SUCCESS");
});

test("B29 a run that cancels another ends the same through any crash", async () => {
  const crashes = await playEveryCrash(() => {
    const parent = defineParent(async (io) => {
      const run = await sleeper.invoke();
      await run.cancel();
      await io.runTask("cancel in a task", async () => (await sleeper.invoke({ n: 2 })).cancel());
      await io.wait("pause", 1);
      return (await run.result()).status;
    });
    return {
      jobs: [parent, sleeper],
      begin: () => parent.invoke({}, { idempotencyKey: "the one" }),
      check: async (result, world) => {
        expect(result).toMatchObject({ output: "CANCELED" });
        const { runs } = await world.engine.listRuns({ job: "sleeper" });
        expect(runs.map(({ status }) => status)).toEqual(["CANCELED", "CANCELED"]);
      },
    };
  });
  expect(crashes).toBeGreaterThan(10);
});

test("B29 a cancel that is refused inside a run is refused the same on replay", async () => {
  const fates = ["fail", "succeed"];
  const child = client.defineJob({
    id: "child",
    name: "Child",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: async (_payload, io) => {
      if (fates.shift() === "fail") throw new Error("as it was told");
      await io.wait("nap", "1h");
    },
  });
  const seen: unknown[] = [];
  const parent = defineParent(async (io) => {
    const run = await child.invoke();
    await io.wait("until it has failed", 1);
    seen.push([await run.cancel().catch(refused), await child.run("run_nobody").cancel().catch(refused)]);
    await io.wait("pause", 5);
    return run.id;
  });
  await using world = await startWorld([parent, child]);
  const run = await parent.invoke({});
  await world.until(run.id, "WAITING");
  const id = (await world.engine.listRuns({ job: "child" })).runs[0]?.id ?? "";
  expect(await child.run(id).result()).toMatchObject({ status: "FAILURE" });
  await world.clock.advance(1_000);
  await world.until(run.id, "WAITING", 2);
  // From here on it could be canceled.
  await world.engine.retry(id);
  await world.clock.advance(5_000);
  expect(await run.output()).toBe(id);
  expect(await world.engine.readRun(id)).toMatchObject({ status: "WAITING" });
  expect(seen[0]).toEqual([
    [true, false, expect.stringContaining("is finished (FAILURE) and cannot be canceled")],
    [false, true, expect.stringContaining('There is no run "run_nobody" here')],
  ]);
  expect(seen[1]).toEqual(seen[0]);
});

test("B29 a run may cancel one that is canceled, and each cancel of one run is a step of its own", async () => {
  const ledger = createLedger();
  const parent = defineParent(async (io, attempt) => {
    const run = await sleeper.invoke(undefined, { detached: true });
    await Promise.all([run.cancel(), run.cancel()]);
    await run.cancel();
    ledger.note(`canceled in ${attempt}`);
    await io.wait("pause", 1);
    if (attempt === 1) throw new Error("once");
    return (await run.result()).status;
  });
  await using world = await startWorld([parent, sleeper]);
  const run = await parent.invoke({});
  expect(await world.endOf(run)).toMatchObject({ output: "CANCELED" });
  // A new attempt forgets the canceled child with what became of it, and makes another.
  expect(await world.engine.listRuns({ job: "sleeper" })).toMatchObject({
    runs: [{ status: "CANCELED" }, { status: "CANCELED" }],
  });
  expect(ledger.entries.map((entry) => entry.at(-1))).toEqual(["1", "1", "2"]);
});

test("B43 a run that cancels itself is canceled, and its call rejects with the reason", async () => {
  const ledger = createLedger();
  const self = client.defineJob({
    id: "self",
    name: "Self",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: async (_payload, _io, ctx): Promise<void> => {
      await self
        .run(ctx.run.id)
        .cancel()
        .catch((error: { readonly kind: string }) => ledger.note(error.kind));
    },
  });
  await using world = await startWorld([self]);
  const run = await self.invoke();
  expect(await run.result()).toMatchObject({ status: "CANCELED" });
  await ledger.until("canceled");
  expect(world.engine.health()).toMatchObject({ isReady: true });
});

test("B29 B43 what a run cancels after its end, by its maxDuration or otherwise, is canceled", async () => {
  const ledger = createLedger();
  const limited = client.defineJob({
    id: "limited",
    name: "Limited",
    version: "1.0.0",
    trigger: invokeTrigger(),
    maxDuration: "1s",
    run: async (_payload, io) => {
      const run = await sleeper.invoke();
      const hang = ({ signal }: Task): Promise<unknown> => (ledger.note("working"), once(signal, "abort"));
      await io.runTask("hang", hang).catch(() => run.cancel());
      ledger.note(run.id);
    },
  });
  let cancelLater: (() => Promise<void>) | undefined;
  const outlived = defineParent(async () => {
    const run = await sleeper.invoke();
    cancelLater = AsyncLocalStorage.bind(() => run.cancel());
    return run.id;
  });
  await using world = await startWorld([limited, outlived, sleeper]);
  const run = await limited.invoke({});
  await ledger.until("working");
  await world.clock.advance(1_000);
  expect(await run.result()).toMatchObject({ status: "TIMED_OUT" });
  const later = await (await outlived.invoke({})).output();
  await cancelLater?.();
  await expect.poll(() => ledger.entries.length).toBe(2);
  for (const id of [ledger.entries[1] ?? "", later])
    expect(await world.engine.readRun(id)).toMatchObject({ status: "CANCELED" });
});

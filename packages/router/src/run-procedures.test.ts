import { BeckonClient, invokeTrigger } from "@beckon/core";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { createJobRouter } from "./create-job-router.ts";
import { startTestRouter } from "./testing/test-router.ts";

const client = new BeckonClient({ id: "tests" });
const count = client.defineJob({
  id: "count",
  name: "Count",
  version: "1.0.0",
  trigger: invokeTrigger({ schema: z.object({ to: z.number() }) }),
  run: async ({ to }, io) => {
    io.logger.info("counting", { to });
    const status = await io.createStatus("progress", { label: "Counting", state: "loading" });
    const sum = await io.runTask("sum", () => (to * (to + 1)) / 2);
    await status.update("done", { state: "success" });
    if (to < 0) throw new RangeError("to is negative");
    return sum;
  },
});
const sleeper = client.defineJob({
  id: "sleeper",
  name: "Sleeper",
  version: "1.0.0",
  trigger: invokeTrigger(),
  run: async (_payload, io) => io.waitForSignal("wake", "wake-up", { id: "1" }),
});
const start = () => startTestRouter({ count, sleeper });

async function collect<Value>(values: AsyncIterable<Value>): Promise<Value[]> {
  const collected: Value[] = [];
  for await (const value of values) collected.push(value);
  return collected;
}

describe("runs.list", () => {
  test("B46 pages through 1,000 runs of one millisecond with no gap and no repeat, with and without filters", async () => {
    await using world = await start();
    const { caller } = world;
    const items = Array.from({ length: 1_000 }, (_, to) => ({
      payload: { to },
      options: { tags: to % 2 === 0 ? ["even"] : ["odd"], delay: "1d" as const },
    }));
    const { ids } = await caller.jobs.count.batchInvoke({ items });
    const pageThrough = async (filter: { readonly tag?: string; readonly limit?: number }): Promise<string[]> => {
      const found: string[] = [];
      let cursor: string | null | undefined;
      do {
        const page = await caller.runs.list({ ...filter, ...(cursor ? { cursor } : {}) });
        found.push(...page.runs.map(({ id }) => id));
        cursor = page.nextCursor;
      } while (cursor !== null);
      return found;
    };
    expect(await pageThrough({ limit: 100 })).toEqual(ids.toReversed());
    expect(await pageThrough({ limit: 7, tag: "odd" })).toEqual(ids.filter((_, index) => index % 2 === 1).toReversed());
    expect((await caller.runs.list()).runs).toHaveLength(20);
  });

  test("refuses what is no filter, by name", async () => {
    await using world = await start();
    await expect(world.caller.runs.list({ limit: 101 })).rejects.toMatchObject({ code: "BAD_REQUEST" });
    await expect(world.caller.runs.list({ state: "QUEUED" } as never)).rejects.toThrow('the unknown "state"');
  });
});

describe("one run", () => {
  test("is shown with its steps, its log and why it is not finished", async () => {
    await using world = await start();
    const { jobs, runs } = world.caller;
    const { id } = await jobs.count.invoke({ payload: { to: 4 } });
    expect(await runs.result({ id })).toMatchObject({ ok: true, output: 10 });
    expect(await runs.get({ id })).toMatchObject({ status: "SUCCESS", output: 10, statuses: [{ label: "Counting" }] });
    expect((await runs.tasks({ id })).map(({ name }) => name)).toContain("sum");
    expect(await runs.tasks({ id, taskIds: ["sum"] })).toHaveLength(1);
    expect(await runs.outline({ id })).toContainEqual(
      expect.objectContaining({ id: "sum", kind: "task", status: "SUCCESS", startedAt: expect.any(Number) }),
    );
    expect(await runs.logs({ id })).toMatchObject([{ message: "counting", data: { to: 4 } }]);
    expect(await runs.explain({ id })).toMatchObject({ status: "SUCCESS", reasons: [{ kind: "finished" }] });
    await world.clock.tick();
  });

  test("is canceled, and a second time refused with CONFLICT", async () => {
    await using world = await start();
    const { jobs, runs } = world.caller;
    const { id } = await jobs.sleeper.invoke({ payload: undefined });
    await runs.cancel({ id });
    expect(await runs.get({ id })).toMatchObject({ status: "CANCELED" });
    await expect(runs.cancel({ id })).rejects.toMatchObject({ code: "CONFLICT", cause: { code: "RUN_STATE" } });
  });

  test.each([
    ["done", '"done" is no status; known are DELAYED, QUEUED, EXECUTING, WAITING, SUCCESS, FAILURE, TIMED_OUT'],
    [["FAILURE", "done"], '"done" is no status'],
    [5, "expected a status or a list of them, received 5"],
  ])("is not looked for by a status that there is not: %j", async (status, sentence) => {
    await using world = await start();
    const refused = world.caller.runs.list({ status: status as never });
    await expect(refused).rejects.toMatchObject({ code: "BAD_REQUEST", cause: { option: "status" } });
    await expect(refused).rejects.toThrow(sentence);
  });

  test("is replayed as a new run, with its own payload or another, and retried as itself", async () => {
    await using world = await start();
    const { jobs, runs } = world.caller;
    const { id } = await jobs.count.invoke({ payload: { to: -1 } });
    expect(await runs.result({ id })).toMatchObject({ ok: false, error: { code: "UNCAUGHT", name: "RangeError" } });
    const again = await runs.replay({ id });
    expect(await runs.get(again)).toMatchObject({ payload: { to: -1 }, replayOf: id });
    const other = await runs.replay({ id, payload: { to: 2 } });
    expect(await runs.result(other)).toMatchObject({ output: 3 });
    expect(await runs.retry({ id })).toEqual({ id });
    await expect(runs.retry(other)).rejects.toMatchObject({ code: "CONFLICT" });
  });

  test("is replayed with nothing where the payload is given as undefined, and with its own where none is given", async () => {
    await using world = await start();
    const { jobs, runs } = world.caller;
    const { id } = await jobs.sleeper.invoke({ payload: "original" });
    expect(await runs.get(await runs.replay({ id, payload: undefined }))).toMatchObject({ payload: undefined });
    expect(await runs.get(await runs.replay({ id }))).toMatchObject({ payload: "original" });
  });

  test("hears a signal", async () => {
    await using world = await start();
    const { jobs, runs } = world.caller;
    const { id } = await jobs.sleeper.invoke({ payload: undefined });
    await world.clock.tick();
    expect(await runs.sendSignal({ name: "wake-up", id: "1", payload: "hello" })).toEqual({ outcome: "delivered" });
    expect(await runs.result({ id })).toMatchObject({ output: "hello" });
  });

  test("tells its events in order, from any of them on", async () => {
    await using world = await start();
    const { jobs, runs } = world.caller;
    const { id } = await jobs.count.invoke({ payload: { to: 4 } });
    const all = await collect(await runs.events({ id }));
    expect(all.map((event) => Number(event.id))).toEqual(all.map((_, index) => index + 1));
    const rest = await collect(await runs.events({ id, lastEventId: "3" }));
    expect(rest.map(({ data }) => data)).toEqual(all.slice(3).map(({ data }) => data));
    expect(all[0]?.data).toMatchObject({ type: "status", status: "QUEUED" });
  });

  test("is followed with others in one stream, from any of their events on, or for its end alone", async () => {
    await using world = await start();
    const { jobs, runs } = world.caller;
    const counted = await jobs.count.invoke({ payload: { to: 4 } });
    const asleep = await jobs.sleeper.invoke({ payload: undefined });
    await runs.result(counted);
    const all = (await collect(await runs.events(counted))).map(({ data }) => data);
    const followed = await runs.follow({
      runs: [{ ...counted, after: 0 }, { ...counted, after: 3 }, asleep, { id: "run_strange", after: 0 }],
    });
    const told: (readonly [number, unknown])[] = [];
    for await (const { index, event } of followed) {
      told.push([index, event]);
      // All that is told of the others has come: the sleeper is what is waited for.
      if (told.filter(([, one]) => one === null).length === 3)
        await runs.sendSignal({ name: "wake-up", id: "1", payload: "hello" });
    }
    const toldOf = (index: number) => told.flatMap(([of, event]) => (of === index ? [event] : []));
    expect(toldOf(0)).toEqual([...all, null]);
    expect(toldOf(1)).toEqual([...all.slice(3), null]);
    expect(toldOf(3)).toEqual([null]);
    expect(told.at(-1)).toEqual([2, null]);
    expect(await runs.result(asleep)).toMatchObject({ output: "hello" });
  });

  test("that is followed is waited for no longer than somebody listens", async () => {
    await using world = await start();
    const waits: (AbortSignal | undefined)[] = [];
    const engine: typeof world.engine = {
      ...world.engine,
      result: (request) => {
        waits.push(request.signal);
        return world.engine.result(request);
      },
    };
    const { jobs, runs } = createJobRouter({ count, sleeper }, { engine }).createCaller({});
    const counted = await jobs.count.invoke({ payload: { to: 4 } });
    const asleep = await jobs.sleeper.invoke({ payload: undefined });
    for await (const { index } of await runs.follow({ runs: [asleep, { ...counted, after: 0 }] }))
      if (index === 1) break;
    expect(waits).toMatchObject([{ aborted: true }]);
  });
});

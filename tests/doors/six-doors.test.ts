import type { InvokeOptions } from "@beckon/core";
import type { Store } from "@beckon/engine";
import { connectionOf } from "@beckon/sqlite/testing";
import { describe, expect, test } from "vitest";
import { type Door, openDoors, readRefusal, readResult } from "./world.ts";

const NAMES = [
  "job in a backend",
  "job in another backend",
  "job in a job",
  "typed client",
  "plain tRPC client",
  "createCaller",
  "REST",
];

/** All that JSON can say; a key of its own for each door. */
const optionsFor = (name: string): InvokeOptions => ({
  idempotencyKey: name,
  idempotencyKeyTTL: "1h",
  context: { traceId: "t-1" },
  accountId: "acc_1",
  callbackUrl: "http://127.0.0.1:1/done",
  delay: "10ms",
  ttl: "1h",
  priority: 5,
  tags: ["a", "b"],
  concurrencyKey: "user-1",
  maxDuration: "1m",
  detached: true,
  isTest: true,
});

async function refusalOf(door: Door, payload: unknown, options?: InvokeOptions): Promise<object> {
  const refusal = await door({ payload, ...(options && { options }) }).then(
    (id) => new Error(`Run ${id} was made.`),
    (error: unknown) => error,
  );
  return readRefusal(refusal);
}

function countRows(store: Store, tables: readonly string[]): readonly unknown[] {
  return tables.map((table) => connectionOf(store).prepare(`SELECT count(*) FROM ${table}`).pluck().get());
}

test("the list of doors is that of the world", async () => {
  await using world = await openDoors();
  expect(Object.keys(world.doors)).toEqual(NAMES);
});

describe.each(NAMES)("through the door: %s", (name) => {
  test("the call gives the one result", async () => {
    await using world = await openDoors();
    const id = await world.doors[name]?.({ payload: { name: "Ada", tags: [{ label: "x" }] } });
    const result = await world.server.jobs.greet.run(String(id)).result();
    const output = { text: "Hello, Ada", labels: ["x"], context: undefined };
    expect(readResult(result)).toEqual({ ok: true, status: "SUCCESS", job: { id: "greet", version: "1.0.0" }, output });
  });

  test("a declared error is the one error", async () => {
    await using world = await openDoors();
    const id = await world.doors[name]?.({ payload: { name: "nobody" } });
    const result = await world.server.jobs.greet.run(String(id)).result();
    expect(readResult(result)).toMatchObject({ ok: false, error: { code: "UNKNOWN", data: { name: "nobody" } } });
  });

  test("B15 every option reaches the run", async () => {
    await using world = await openDoors();
    const options = optionsFor(name);
    const id = String(await world.doors[name]?.({ payload: { name: "Ada" }, options }));
    const result = await world.server.jobs.greet.run(id).result();
    expect(readResult(result)).toMatchObject({ output: { context: options.context } });
    const run = await world.server.engine.readRun(id);
    expect(run).toMatchObject({
      context: options.context,
      accountId: "acc_1",
      callbackUrl: "http://127.0.0.1:1/done",
      priority: 5,
      tags: ["a", "b"],
      concurrencyKey: "user-1",
      isDetached: true,
      isTest: true,
      idempotencyKey: name,
    });
    expect(Number(run.queuedAt) - Number(run.createdAt)).toBeGreaterThanOrEqual(10);
    expect(await world.store.readRun(id)).toMatchObject({ ttlMs: 3_600_000, maxDurationMs: 60_000 });
    const again = await world.doors[name]?.({ payload: { name: "Ada" }, options });
    expect(again).toBe(id);
  });

  test("B15 so does how long its key is kept", async () => {
    await using world = await openDoors();
    const door = world.doors[name] as Door;
    const sent = { payload: { name: "Ada" }, options: { ...optionsFor(name), idempotencyKeyTTL: "1ms" } } as const;
    const id = await door(sent);
    await world.server.jobs.greet.run(id).result();
    expect(await door(sent)).not.toBe(id);
  });

  test("B12 a bad payload is refused with path, expected and received, and no row is written", async () => {
    await using world = await openDoors();
    const door = world.doors[name] as Door;
    const payload = { name: "Ada", tags: [{ label: "x" }, { label: 7 }] };
    const refusal = await refusalOf(door, payload, { idempotencyKey: "k" });
    expect(refusal).toMatchObject({
      code: "INVALID_PAYLOAD",
      jobId: "greet",
      issues: [{ path: ["tags", 1, "label"], message: expect.stringMatching(/expected string, received (number|7)/) }],
      message: expect.stringMatching(/payload\.tags\[1\]\.label: .*expected string, received (number|7)/),
    });
    expect((await world.server.engine.listRuns({ job: "greet" })).runs).toEqual([]);
    expect(countRows(world.store, ["idempotency", "requests"])).toEqual([0, 0]);
  });

  test("B19 a key with another payload is a conflict that names the run in the way", async () => {
    await using world = await openDoors();
    const door = world.doors[name] as Door;
    const options = { idempotencyKey: "k" };
    const id = await door({ payload: { name: "Ada" }, options });
    const refusal = await refusalOf(door, { name: "Bob" }, options);
    expect(refusal).toMatchObject({ code: "IDEMPOTENCY_CONFLICT", runId: id });
  });

  test("an option that cannot be, one of another kind, and one that there is not are refused by name", async () => {
    await using world = await openDoors();
    const door = world.doors[name] as Door;
    for (const options of [{ delay: "soon" }, { priority: "high" }, { prority: 1 }] as unknown as InvokeOptions[]) {
      const refusal = await refusalOf(door, { name: "Ada" }, options);
      expect(refusal).toMatchObject({ code: "INVALID_OPTION", option: Object.keys(options)[0] });
    }
  });
});

import { BeckonClient, invokeTrigger } from "@beckon/core";
import { UnavailableError } from "@beckon/core/runtime";
import { type Store, StoreUnavailableError } from "@beckon/engine";
import { connectionOf } from "@beckon/sqlite/testing";
import { expect, test } from "vitest";
import { fillDisk, freeDisk, LARGE } from "./full-disk.ts";
import { createWorld } from "./scheduling-world.ts";

const client = new BeckonClient({ id: "tests" });

const job = client.defineJob({
  id: "job",
  name: "Job",
  version: "1.0.0",
  trigger: invokeTrigger(),
  run: () => "done",
});

function valuesIn(store: Store): number {
  return Number(connectionOf(store).prepare("SELECT count(*) FROM kv").pluck().get());
}

function rowsWrittenBy(store: Store): unknown {
  return connectionOf(store).prepare("SELECT total_changes()").pluck().get();
}

const unable = { isReady: false, problem: expect.stringContaining("disk space") };
const able = { isReady: true, problem: null };

test.each([0, 10])(
  "a server with %i slots that cannot write what is invoked says so until it can, though nobody asks it again",
  async (concurrency) => {
    await using world = await createWorld([job]);
    const server = await world.start({ concurrency });
    fillDisk(server.store);
    expect(server.engine.health()).toMatchObject(able);
    await expect(server.use(job).invoke(LARGE)).rejects.toBeInstanceOf(UnavailableError);
    expect(server.engine.health()).toMatchObject(unable);
    await server.clock.advance(60_000);
    expect(server.engine.health()).toMatchObject(unable);
    freeDisk(server.store);
    await server.clock.advance(1_000);
    expect(server.engine.health()).toMatchObject(able);
    expect([valuesIn(server.store), (await server.engine.listRuns({})).runs]).toEqual([0, []]);
  },
);

test("so does one that cannot write a signal, and one that is stopped tries no more", async () => {
  await using world = await createWorld([job]);
  const server = await world.start({ concurrency: 0 });
  fillDisk(server.store);
  await expect(server.engine.sendSignal({ name: "large", payload: LARGE })).rejects.toBeInstanceOf(
    StoreUnavailableError,
  );
  expect(server.engine.health()).toMatchObject(unable);
  await server.stop();
  freeDisk(server.store);
  const before = rowsWrittenBy(server.store);
  await server.clock.advance(60_000);
  expect(rowsWrittenBy(server.store)).toBe(before);
});

test("what is refused for another reason than the store's is no problem of the server's", async () => {
  await using world = await createWorld([job]);
  const server = await world.start();
  await expect(server.engine.cancel("run_none")).rejects.toThrow("run_none");
  await expect(server.use(job).invoke(1, { priority: 0.5 })).rejects.toThrow("priority");
  expect(server.engine.health()).toMatchObject(able);
});

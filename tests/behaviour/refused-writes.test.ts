import { BeckonClient, invokeTrigger } from "@beckon/core";
import { bindJob, UnavailableError } from "@beckon/core/runtime";
import { createEngine, type Engine, type Store, StoreUnavailableError } from "@beckon/engine";
import { createManualClock, createMemoryStore } from "@beckon/engine/testing";
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

const refuse = (): Promise<never> => Promise.reject(new StoreUnavailableError("The disk is full."));

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
  await expect(server.engine.sendSignal({ name: "large", payload: LARGE })).rejects.toBeInstanceOf(UnavailableError);
  expect(server.engine.health()).toMatchObject(unable);
  await server.stop();
  freeDisk(server.store);
  const before = rowsWrittenBy(server.store);
  await server.clock.advance(60_000);
  expect(rowsWrittenBy(server.store)).toBe(before);
});

const CALLS: Readonly<
  Record<string, { readonly verb: keyof Store; readonly call: (engine: Engine) => Promise<unknown> }>
> = {
  invoke: { verb: "createRuns", call: (engine) => bindJob(job, engine.transport).invoke({}) },
  cancel: { verb: "cancelRun", call: (engine) => engine.cancel("run_1") },
  retry: { verb: "retryRun", call: (engine) => engine.retry("run_1") },
  pause: { verb: "setJobPaused", call: (engine) => engine.setJobPaused({ jobId: "job", isPaused: true }) },
  "a signal": { verb: "sendSignal", call: (engine) => engine.sendSignal({ name: "news" }) },
  "a request": { verb: "completeRequest", call: (engine) => engine.completeRequest({ token: "t", body: null }) },
};

test.for(Object.keys(CALLS))("B38 a store that cannot write refuses %s with one class of error", async (name) => {
  const { verb, call } = CALLS[name] as (typeof CALLS)[string];
  const real = createMemoryStore();
  const failure = new StoreUnavailableError("The disk is full.");
  const store = { ...real, [verb]: () => Promise.reject(failure) };
  const engine = createEngine({ store, jobs: [job], clock: createManualClock() });
  const refusal = await call(engine).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(UnavailableError);
  expect(refusal).toMatchObject({ code: "UNAVAILABLE", message: failure.message, cause: failure });
});

test("what is refused for another reason than the store's is no problem of the server's", async () => {
  await using world = await createWorld([job]);
  const server = await world.start();
  await expect(server.engine.cancel("run_none")).rejects.toThrow("run_none");
  await expect(server.use(job).invoke(1, { priority: 0.5 })).rejects.toThrow("priority");
  expect(server.engine.health()).toMatchObject(able);
});

test("however many calls are refused, runs are looked for once a second", async () => {
  let claims = 0;
  const around = (store: Store): Store =>
    new Proxy(store, {
      get: (target, name: keyof Store) => {
        if (name === "createRuns") return refuse;
        if (name === "claimRuns") return () => ((claims += 1), refuse());
        const value: unknown = Reflect.get(target, name);
        return typeof value === "function" ? (value.bind(target) as unknown) : value;
      },
    });
  await using world = await createWorld([job]);
  const server = await world.start({ around });
  for (let calls = 0; calls < 20; calls += 1) {
    await expect(server.use(job).invoke(calls)).rejects.toBeInstanceOf(UnavailableError);
    await server.clock.advance(40);
  }
  await server.clock.advance(2_000);
  const before = claims;
  await server.clock.advance(3_000);
  expect(claims - before).toBeLessThanOrEqual(3);
});

import { BeckonClient, invokeTrigger } from "@beckon/core";
import type { IO } from "@beckon/core";
import { expect, test } from "vitest";
import { createGate } from "./gate.ts";
import { createLedger } from "./ledger.ts";
import { createWorld } from "./scheduling-world.ts";

const client = new BeckonClient({ id: "tests" });

function defineJob<Output>(id: string, run: (io: IO, payload: string) => Output | Promise<Output>) {
  return client.defineJob({
    id,
    name: id,
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: (payload: string, io) => run(io, payload),
  });
}

test("stored values are got, set, asked for and deleted; the run's, the job's and the server's are apart", async () => {
  const job = defineJob("job", async (io) => {
    const { run, job: ofJob, global } = io.store;
    const before = [await run.get("key"), await run.has("key"), await run.delete("key")];
    for (const [store, value] of [
      [run, "run"],
      [ofJob, "job"],
      [global, "global"],
    ] as const)
      await store.set("key", value);
    const set = [await run.get("key"), await ofJob.get("key"), await global.get("key"), await run.has("key")];
    await run.set("key", "again");
    const deleted = [await run.get("key"), await run.delete("key"), await run.has("key"), await run.get("key")];
    return [before, set, deleted, await ofJob.get("key")];
  });
  await using world = await createWorld([job]);
  const server = await world.start();
  expect(await (await server.use(job).invoke("")).output()).toEqual([
    [undefined, false, false],
    ["run", "job", "global", true],
    ["again", true, false, undefined],
    "job",
  ]);
});

async function readKey({ store }: IO): Promise<readonly unknown[]> {
  return [await store.run.get("key"), await store.job.get("key"), await store.global.get("key")];
}

function valueOf(name: string): unknown {
  return { name, at: new Date(1), n: 5n };
}

test("the job's and the server's values outlive the run and a restart; the run's are its own", async () => {
  const write = defineJob("write", async (io) => {
    for (const [name, store] of Object.entries(io.store)) await store.set("key", valueOf(name));
  });
  const read = defineJob("read", readKey);
  const writeAgain = defineJob("write", readKey);
  await using world = await createWorld([write, read]);
  const one = await world.start();
  await (await one.use(write).invoke("")).output();
  one.kill();
  const two = await world.start({ jobs: [writeAgain, read] });
  expect(await (await two.use(writeAgain).invoke("")).output()).toEqual([undefined, valueOf("job"), valueOf("global")]);
  expect(await (await two.use(read).invoke("")).output()).toEqual([undefined, undefined, valueOf("global")]);
});

test("a run's values survive its waits and the death of its process", async () => {
  const job = defineJob("job", async (io) => {
    await io.runTask("count", async () =>
      io.store.run.set("count", Number((await io.store.run.get("count")) ?? 0) + 1),
    );
    await io.wait("pause", "1m");
    return io.store.run.get("count");
  });
  await using world = await createWorld([job]);
  const one = await world.start();
  const { id } = await one.use(job).invoke("");
  await one.until(id, "WAITING");
  one.kill();
  const two = await world.start();
  const output = two.use(job).run(id).output();
  await two.clock.advance(60_000);
  expect(await output).toBe(1);
});

test("a value of 256 KB is kept; a larger one and one that cannot be stored are refused, naming the key, and change nothing", async () => {
  const job = defineJob("job", async (io, payload) => {
    await io.store.job.set("key", "before");
    const value = payload === "function" ? { call: () => 1 } : payload;
    const refused = await io.store.job.set("key", value).then(
      () => "kept",
      (error: unknown) => (error as Error).message,
    );
    return [refused, (await io.store.job.get("key")) === payload];
  });
  await using world = await createWorld([job]);
  const server = await world.start();
  const attempt = async (payload: string) => (await server.use(job).invoke(payload)).output();
  const roof = 256 * 1_024;
  expect(await attempt("x".repeat(roof - 100))).toEqual(["kept", true]);
  expect(await attempt("x".repeat(roof))).toEqual([expect.stringMatching(/"key".*at most 262144/), false]);
  // Bytes are counted, not characters.
  expect(await attempt("€".repeat(roof / 2))).toEqual([expect.stringMatching(/"key".*at most 262144/), false]);
  expect(await attempt("function")).toEqual([expect.stringMatching(/"key"\.call is a function/), false]);
});

test("a run that was canceled or taken over writes no values any more", async () => {
  const ledger = createLedger();
  const go = createGate();
  const job = defineJob("job", async (io) => {
    await io.runTask("work", async () => {
      ledger.note("works");
      if (ledger.entries.length > 1) return io.store.job.set("key", "successor");
      await go.passed;
      await io.store.job.set("key", "late").catch(() => ledger.note("refused"));
    });
    return io.store.job.get("key");
  });
  await using world = await createWorld([job]);
  const one = await world.start();
  const { id } = await one.use(job).invoke("");
  await ledger.until("works");
  await one.clock.tick();
  one.kill();
  const two = await world.start();
  expect(await two.use(job).run(id).output()).toBe("successor");
  go.open();
  await ledger.until("refused");
  expect(await two.store.readValue("job:job", "key")).toContain("successor");
});

test("a key that was cut in the middle of an emoji is refused: it would be another one's equal", async () => {
  const job = defineJob("job", async ({ store }) => {
    const half = "\ud83d";
    const { run, job: ofJob, global } = store;
    const calls: readonly Promise<unknown>[] = [run.get(half), ofJob.has(half), global.set(half, 1), run.delete(half)];
    return Promise.all(calls.map((call) => call.catch((error: unknown) => Reflect.get(error as object, "option"))));
  });
  await using world = await createWorld([job]);
  const server = await world.start();
  expect(await (await server.use(job).invoke("")).output()).toEqual(["key", "key", "key", "key"]);
});

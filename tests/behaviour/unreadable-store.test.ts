import { BeckonClient, type IO, invokeTrigger } from "@beckon/core";
import { type Store, StoreUnavailableError } from "@beckon/engine";
import { createMemoryStore, startTestEngine } from "@beckon/engine/testing";
import { expect, test } from "vitest";

const client = new BeckonClient({ id: "tests" });
const child = client.defineJob({
  id: "child",
  name: "Child",
  version: "1.0.0",
  trigger: invokeTrigger(),
  run: async (how: unknown, io) => {
    if (how === "fails") throw new Error("the child's own");
    if (how === "takes long") await io.wait("pause", "7s");
    return "child";
  },
});

const READERS: Readonly<Record<string, { readonly verb: keyof Store; readonly run: (io: IO) => Promise<unknown> }>> = {
  "reads a stored value": { verb: "readValue", run: async (io) => (await io.store.run.get("key")) ?? "none" },
  "awaits a child": { verb: "readRuns", run: async () => (await child.invokeAndWait({})).ok },
  "looks whether it waits for itself": {
    verb: "readRun",
    run: async () => (await child.invokeAndWait("takes long")).ok,
  },
  "tries a task again in which a child has failed": {
    verb: "readRuns",
    run: (io) =>
      io.runTask(
        "task",
        async ({ attempt }) => {
          const { id } = await child.invoke(attempt === 1 ? "fails" : "ends well");
          if (attempt === 1) throw new Error("again");
          return id.length > 0;
        },
        { retry: { limit: 2, minTimeoutInMs: 1_000, randomize: false } },
      ),
  },
};

test.for(Object.keys(READERS))("B38 a run that %s goes on when the store can be read again", async (name) => {
  const { verb, run } = READERS[name] as (typeof READERS)[string];
  const job = client.defineJob({
    id: "reader",
    name: "Reader",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: (_payload, io) => run(io),
  });
  const real = createMemoryStore();
  let failures = 0;
  let isFailing = true;
  const fail = (...args: readonly unknown[]): unknown => {
    if (!isFailing) return Reflect.apply(real[verb] as () => unknown, real, args);
    failures += 1;
    return Promise.reject(new StoreUnavailableError("The disk cannot be read."));
  };
  await using world = await startTestEngine([job, child], { store: { ...real, [verb]: fail } });
  const { id } = await job.invoke({});
  for (let passed = 0; passed < 5; passed += 1) await world.clock.advance(1_000);
  expect(failures).toBeGreaterThan(0);
  isFailing = false;
  for (let passed = 0; passed < 5; passed += 1) await world.clock.advance(1_000);
  expect(await job.run(id).result()).toMatchObject({ ok: true });
});

import { BeckonClient, invokeTrigger } from "@beckon/core";
import { bindJob } from "@beckon/core/runtime";
import { createEngine } from "@beckon/engine";
import { createManualClock } from "@beckon/engine/testing";
import { createTemporaryDatabase } from "@beckon/sqlite/testing";
import { expect, test } from "vitest";
import { watchStore } from "./watched-store.ts";

const client = new BeckonClient({ id: "tests" });
const common = { version: "1.0.0", trigger: invokeTrigger() } as const;
const child = client.defineJob({ ...common, id: "child", name: "Child", run: async () => "grown" });
const parent = client.defineJob({
  ...common,
  id: "parent",
  name: "Parent",
  run: async () => {
    const result = await child.invokeAndWait({});
    return result.ok ? result.output : "none";
  },
});

const WRITES: ReadonlySet<string> = new Set(["createRuns", "recordSteps", "settleRuns"]);

test("a parent that ends with what its child gave writes that with its own end, and shows it as a step", async () => {
  await using database = await createTemporaryDatabase();
  const writes: string[] = [];
  const store = watchStore(await database.open(), (verb) => void (WRITES.has(verb) && writes.push(verb)));
  const engine = createEngine({ store, jobs: [parent, child], clock: createManualClock() });
  await engine.start();
  const run = await bindJob(parent, engine.transport).invoke({});
  expect(await run.output()).toBe("grown");
  // The parent's birth and the child's, that it waits, and both ends.
  expect(writes).toEqual(["createRuns", "createRuns", "settleRuns", "recordSteps", "settleRuns"]);
  const tasks = await engine.readTasks(run.id);
  expect(tasks.map(({ kind, status }) => [kind, status])).toEqual([
    ["child", "SUCCESS"],
    ["result", "SUCCESS"],
  ]);
  expect(tasks[1]?.output).toMatchObject([{ ok: true, output: "grown" }]);
  await engine.stop();
});

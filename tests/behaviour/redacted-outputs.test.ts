import { BeckonClient, invokeTrigger } from "@beckon/core";
import { expect, test } from "vitest";
import { createWorld } from "./scheduling-world.ts";

const client = new BeckonClient({ id: "tests" });

test("an item of io.parallel shows nothing of its value where a task inside it redacts, also when it is looked at alone", async () => {
  const job = client.defineJob({
    id: "job",
    name: "Job",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: (_payload, io) =>
      io.parallel("items", ["secret", "nested", "open"], async (item) => {
        const login = () =>
          io.runTask("login", () => ({ token: "s3cret" }), item === "open" ? {} : { redact: ["token"] });
        return item === "nested" ? io.runTask("around", login) : login();
      }),
  });
  await using world = await createWorld([job]);
  const server = await world.start();
  const run = await server.use(job).invoke({});
  expect(await run.output()).toEqual([{ token: "s3cret" }, { token: "s3cret" }, { token: "s3cret" }]);
  const shown = await server.engine.readTasks(run.id);
  const items = shown.filter(({ kind }) => kind === "branch").toSorted((one, other) => (one.id < other.id ? -1 : 1));
  expect(items.map(({ output }) => output)).toEqual(["[redacted]", "[redacted]", { token: "s3cret" }]);
  for (const item of items) expect(await server.engine.readTasks(run.id, [item.id])).toEqual([item]);
});

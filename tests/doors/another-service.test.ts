import { createJobsClient, httpTransport } from "@beckon/client";
import { BeckonClient, invokeTrigger } from "@beckon/core";
import { startTestServer } from "@beckon/server/testing";
import { expect, test } from "vitest";

/** What both services have of the job: one runs it, the other knows its definition. */
function defineRemote() {
  const client = new BeckonClient({ id: "there" });
  const remote = client.defineJob({
    id: "remote",
    name: "Remote",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: async () => "there",
  });
  return { client, remote };
}

test("a run's call of another service's job says where it went, and one by a client in a task goes there", async () => {
  const { client, remote } = defineRemote();
  await using there = await startTestServer({ jobs: { remote: defineRemote().remote } });
  client.connect(httpTransport({ url: there.url }));
  const beckon = createJobsClient<{ remote: typeof remote }>({ url: there.url });
  const local = new BeckonClient({ id: "here" }).defineJob({
    id: "local",
    name: "Local",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: async (_payload, io) => [
      await remote.invoke(1).catch(String),
      await io.runTask("over there", async (task) => {
        const run = await beckon.remote.invoke(1, { idempotencyKey: task.idempotencyKey });
        return run.output();
      }),
    ],
  });
  await using here = await startTestServer({ jobs: { local } });
  expect(await (await remote.invoke(1)).output()).toBe("there");
  expect(await (await here.jobs.local.invoke()).output()).toEqual([
    'NotFoundError: Job "remote" is not one of this server\'s, where the calls of its runs go: export it from the module that ' +
      "createServer was given, or call another server's by createJobsClient, in a task.",
    "there",
  ]);
});

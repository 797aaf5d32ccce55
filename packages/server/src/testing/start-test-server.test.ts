import { BeckonClient, invokeTrigger } from "@beckon/core";
import { createManualClock, createMemoryStore } from "@beckon/engine/testing";
import { expect, test } from "vitest";
import { startTestServer } from "./start-test-server.ts";

const client = new BeckonClient({ id: "tests" });

const reminder = client.defineJob({
  id: "reminder",
  name: "Reminder",
  version: "1.0.0",
  trigger: invokeTrigger(),
  run: async (_payload, io) => {
    await io.wait("a month", "30d");
    return "reminded";
  },
});

test("a clock that is moved by weeks comes by what falls due, not by looks every few seconds", async () => {
  const clock = createManualClock();
  const memory = createMemoryStore();
  let looks = 0;
  const recoverRuns: typeof memory.recoverRuns = (request) => {
    looks += 1;
    return memory.recoverRuns(request);
  };
  await using server = await startTestServer({ jobs: { reminder }, database: { ...memory, recoverRuns }, clock });
  const run = await server.jobs.reminder.invoke();
  await clock.advance(30 * 86_400_000);
  expect(await run.output()).toBe("reminded");
  expect(looks).toBeLessThan(100);
});

import { BeckonClient, invokeTrigger } from "@beckon/core";
import type { IO } from "@beckon/core/runtime";
import { expect, test } from "vitest";
import { testJob } from "./test-job.ts";

const client = new BeckonClient({ id: "tests" });

function defineJob(run: (io: IO) => unknown) {
  return client.defineJob({
    id: "job",
    name: "Job",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: (_payload, io) => run(io),
  });
}

/** Longer than a settled clock waits. */
async function workOutside(): Promise<string> {
  for (let turn = 0; turn < 200; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  return "work";
}

test("a call whose payload is another one on replay ends the run, as on a server", async () => {
  const child = client.defineJob({
    id: "child",
    name: "Child",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: () => null,
  });
  let calls = 0;
  const job = defineJob(async (io) => {
    calls += 1;
    await child.invoke({ calls });
    await io.wait("a while", "1h");
  });
  const result = await testJob(job, undefined, { jobs: [child] });
  expect(result).toMatchObject({ ok: false, error: { code: "STEP_MISMATCH" } });
});

test("a wait in a task that holds up what it waits for rejects there, as on a server", async () => {
  const job = client.defineJob({
    id: "self",
    name: "Self",
    version: "1.0.0",
    trigger: invokeTrigger(),
    concurrencyLimit: 1,
    run: async (isChild: boolean, io): Promise<string> => {
      if (isChild) return "child";
      const waiting = io.runTask("wait", async () => (await job.invokeAndWait(true)).status);
      return waiting.catch((error: Error) => error.message);
    },
  });
  const result = await testJob(job, false);
  expect(result).toMatchObject({
    ok: true,
    output: expect.stringMatching(/would wait for itself: .* Wait outside of the task/),
  });
});

test("code at work in a task beside a wait for what does not come has its time", async () => {
  const job = defineJob((io) =>
    io.runTask("race", () => Promise.race([io.waitForSignal("late", "never"), workOutside()])),
  );
  expect(await testJob(job)).toMatchObject({ ok: true, output: "work" });
});

test("a wait in a task is skipped at once, though code is at work beside it", async () => {
  const job = defineJob((io) =>
    io.runTask("race", () => Promise.race([io.wait("a while", "1h").then(() => "late"), workOutside()])),
  );
  expect(await testJob(job)).toMatchObject({ ok: true, output: "late" });
});

test("a task in which nothing but a wait for what does not come is under way is told", async () => {
  const job = defineJob((io) => io.runTask("ask", () => io.waitForSignal("late", "never")));
  await expect(testJob(job)).rejects.toThrow(/waits for what does not come in this test\. .*in ask\./);
});

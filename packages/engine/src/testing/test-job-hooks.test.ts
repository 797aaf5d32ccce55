import { BeckonClient, invokeTrigger } from "@beckon/core";
import { expect, test } from "vitest";
import { testJob } from "./test-job.ts";

const client = new BeckonClient({ id: "tests" });

/** Longer than a settled clock waits. */
async function workOutside(): Promise<void> {
  for (let turn = 0; turn < 200; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** A job whose hooks write down what they hear of. */
function defineTold(told: string[], onSuccess?: () => Promise<void>) {
  return client.defineJob({
    id: "told",
    name: "Told",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: async (payload) => {
      if (payload === "bad") throw new Error("no");
      return "fine";
    },
    onSuccess: async ({ result }) => {
      await onSuccess?.();
      told.push(`success ${result.output}`);
    },
    onFailure: ({ result }) => void told.push(`failure ${result.error.message}`),
  });
}

test("the job's own hook is called for real, and has ended before the result is there", async () => {
  const told: string[] = [];
  const job = defineTold(told, workOutside);
  await testJob(job);
  await testJob(job, "bad");
  expect(told).toEqual(["success fine", "failure no"]);
});

test("a hook that throws is called as a server would, the pauses skipped, and told of if it never goes well", async () => {
  let calls = 0;
  const limit = { failures: 2 };
  const job = defineTold([], async () => {
    calls += 1;
    if (calls <= limit.failures) throw new Error("the mail server is gone");
  });
  expect(await testJob(job)).toMatchObject({ ok: true });
  expect(calls).toBe(3);
  limit.failures = 100;
  await expect(testJob(job)).rejects.toThrow(
    'Hook onSuccess of job "told" failed whenever it was called: the mail server is gone',
  );
  expect(calls).toBe(8);
});

test("chosen hooks are called in the place of the job's own, and may be left over", async () => {
  const told: string[] = [];
  const heard: unknown[] = [];
  const hooks = { onFailure: ({ result }: { result: unknown }) => void heard.push(result) };
  await testJob(defineTold(told), "bad", { hooks });
  await testJob(defineTold(told), "good", { hooks });
  expect(heard).toMatchObject([{ status: "FAILURE", error: { message: "no" } }]);
  expect(told).toEqual(["success fine"]);
});

test("hooks of jobs that run for real are called, too; those of chosen ones are not", async () => {
  const told: string[] = [];
  const child = defineTold(told);
  const parent = client.defineJob({
    id: "parent",
    name: "Parent",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: async () => (await child.invokeAndWait(null)).ok,
  });
  await testJob(parent, null, { jobs: [child], children: { told: "chosen" } });
  expect(told).toEqual([]);
  await testJob(parent, null, { jobs: [child] });
  expect(told).toEqual(["success fine"]);
});

test("a hook of a child that never went well is told of, however long ago that was", async () => {
  const child = defineTold([], () => Promise.reject(new Error("the mail server is gone")));
  const parent = client.defineJob({
    id: "patient",
    name: "Patient",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: async (_payload, io) => {
      await child.invokeAndWait(null);
      await io.wait("a day", "1d");
    },
  });
  await expect(testJob(parent, null, { jobs: [child] })).rejects.toThrow('Hook onSuccess of job "told" failed');
});

test("a hook that invokes a job is told what to do about it in a test", async () => {
  const other = client.defineJob({
    id: "other",
    name: "Other",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: () => 1,
  });
  const job = defineTold([], async () => void (await other.invoke()));
  await expect(testJob(job, null, { jobs: [other] })).rejects.toThrow("In a test, give `hooks` in its place");
  expect(await testJob(job, null, { hooks: { onSuccess: () => undefined } })).toMatchObject({ ok: true });
});

test("a hook at work takes real time, whatever time its run's parent skips meanwhile: it is called once", async () => {
  const told: string[] = [];
  let calls = 0;
  const child = defineTold(told, () => {
    calls += 1;
    return workOutside();
  });
  const parent = client.defineJob({
    id: "parent",
    name: "Parent",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: async (_payload, io) => {
      await child.invokeAndWait(null);
      await io.wait("a day", "1d");
    },
  });
  await testJob(parent, null, { jobs: [child] });
  expect([calls, told]).toEqual([1, ["success fine"]]);
});

import { BeckonClient, invokeTrigger } from "@beckon/core";
import { expect, test, vi } from "vitest";
import { testJob } from "./test-job.ts";

const client = new BeckonClient({ id: "tests" });
const never = (): Promise<never> => new Promise(() => undefined);

/** Longer than a settled clock waits. */
async function workOutside(): Promise<void> {
  for (let turn = 0; turn < 200; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** Lets no timer fire in time, then goes on for a few turns. */
async function holdUp(): Promise<void> {
  for (let turn = 0; turn < 200; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  const until = performance.now() + 300;
  while (performance.now() < until) continue;
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** Hangs in a task, then in the run, each longer than it may. */
const stuck = client.defineJob({
  id: "stuck",
  name: "Stuck",
  version: "1.0.0",
  trigger: invokeTrigger(),
  maxDuration: "100ms",
  run: async (_payload, io) => {
    await io.wait("a week", "7d");
    const reason = await io.runTask("hang", never, { timeout: "10ms" }).catch((error: Error) => error.message);
    await io.runTask("note", () => reason);
    return never();
  },
});

test("code that never ends is over at its deadline, which takes real time", async () => {
  const result = await testJob(stuck);
  expect(result).toMatchObject({ ok: false, status: "TIMED_OUT" });
  // The clock has gone on by the wait and the maximum duration, and by nothing else.
  expect(result.completedAt).toEqual(new Date(Date.UTC(2026, 0, 8) + 100));
});

test("a deadline that passes while the machine is held up moves the clock only where it ends something", async () => {
  const job = client.defineJob({
    id: "held-up",
    name: "Held up",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: async (_payload, io) => {
      await io.runTask("hold up", holdUp, { timeout: "250ms" });
      await io.runTask("more", workOutside);
      return io.now("now");
    },
  });
  expect(await testJob(job)).toMatchObject({ ok: true, output: new Date("2026-01-01T00:00:00Z") });
});

test("a job that makes step after step without an end is over at its maximum duration", async () => {
  const job = client.defineJob({
    id: "endless",
    name: "Endless",
    version: "1.0.0",
    trigger: invokeTrigger(),
    maxDuration: "30ms",
    run: async (_payload, io) => {
      for (let i = 0; ; i += 1) await io.runTask(["step", i], () => i);
    },
  });
  expect(await testJob(job)).toMatchObject({ status: "TIMED_OUT" });
});

test("a deadline that was not reached leaves the clock as it is", async () => {
  const job = client.defineJob({
    id: "in-time",
    name: "In time",
    version: "1.0.0",
    trigger: invokeTrigger(),
    maxDuration: "1h",
    run: async (_payload, io) => {
      await io.runTask("work", workOutside, { timeout: "10s" });
      await io.wait("a while", "2h");
      return io.now("now");
    },
  });
  const result = await testJob(job);
  expect(result).toMatchObject({ ok: true, output: new Date("2026-01-01T02:00:00Z") });
});

test("fake timers and a set date neither hold the run nor its dates", async () => {
  const job = client.defineJob({
    id: "dated",
    name: "Dated",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: async (since: Date, io) => {
      const today = await io.runTask("today", () => new Date());
      await io.wait("a week", "7d");
      return { since, today };
    },
  });
  const today = new Date("2030-05-01T00:00:00Z");
  vi.useFakeTimers({ now: today });
  try {
    const result = await testJob(job, new Date(), { invoke: { maxDuration: "1h" } });
    expect(result).toMatchObject({ ok: true, output: { since: today, today } });
  } finally {
    vi.useRealTimers();
  }
});

import { createJobsClient } from "@beckon/client";
import { type Job, type Run, WaitTimeoutError } from "@beckon/core";
import { NotFoundError } from "@beckon/core/runtime";
import { expect, test } from "vitest";
import { hangUp, page, refusal, result, startScriptedServer } from "./scripted-server.ts";

interface Jobs {
  readonly greet: Job<string, string, string, never>;
}

const runOf = (url: string): Run<string> => createJobsClient<Jobs>({ url }).greet.run("run_1");
const pending = result({ pending: true });
const ended = result({ ok: true, status: "SUCCESS", output: "Hello" });

test("the server is asked again until the run has ended, each time in a request of its own", async () => {
  await using server = await startScriptedServer(
    () => pending,
    () => pending,
    () => ended,
  );
  expect(await runOf(server.url).output()).toBe("Hello");
  expect(server.requests).toMatchObject(
    Array.from({ length: 3 }, () => ({
      method: "GET",
      path: "/trpc/jobs.greet.result",
      input: { id: "run_1", timeoutMs: 25_000 },
    })),
  );
});

test("results of one tick do not wait for each other", async () => {
  await using server = await startScriptedServer(() => ended);
  await Promise.all([runOf(server.url).result(), runOf(server.url).result()]);
  expect(server.requests.map(({ path }) => path)).toEqual(["/trpc/jobs.greet.result", "/trpc/jobs.greet.result"]);
});

test("a wait goes on while the server is away", async () => {
  await using server = await startScriptedServer(
    () => hangUp,
    () => page(502),
    () => pending,
    () => hangUp,
    () => ended,
  );
  expect(await runOf(server.url).output()).toBe("Hello");
  expect(server.requests).toHaveLength(5);
});

test("a timeout asks the server for no longer than is left, and is a WaitTimeoutError", async () => {
  await using server = await startScriptedServer(() => pending);
  await expect(runOf(server.url).result({ timeout: "20ms" })).rejects.toThrow(WaitTimeoutError);
  const asked = server.requests.map(({ input }) => (input as { timeoutMs: number }).timeoutMs);
  expect(asked[0]).toBeLessThanOrEqual(20);
  await expect(runOf(server.url).result({ timeout: 0 })).rejects.toThrow(
    "Run run_1 did not end within 0 ms; it goes on.",
  );
});

test("a timeout of nothing still gets the result that is there", async () => {
  await using server = await startScriptedServer(() => ended);
  expect(await runOf(server.url).output({ timeout: 0 })).toBe("Hello");
});

test("a timeout holds while the server is away", async () => {
  await using server = await startScriptedServer(() => hangUp);
  await expect(runOf(server.url).result({ timeout: "50ms" })).rejects.toThrow(WaitTimeoutError);
});

test("what the server refuses is not asked again", async () => {
  await using server = await startScriptedServer(() => refusal(404, { code: "NOT_FOUND", message: "no such run" }));
  await expect(runOf(server.url).result()).rejects.toThrow(NotFoundError);
  expect(server.requests).toHaveLength(1);
});

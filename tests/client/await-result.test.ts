import { createJobsClient } from "@beckon/client";
import { type Job, type Run, WaitTimeoutError } from "@beckon/core";
import { NotFoundError, UnavailableError } from "@beckon/core/runtime";
import { expect, test } from "vitest";
import { quickTime } from "./quick-time.ts";
import { hangUp, json, page, refusal, result, startScriptedServer } from "./scripted-server.ts";

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

test("a server that asks for no pause while it is away is not asked as fast as it answers", async () => {
  quickTime();
  await using server = await startScriptedServer(() => away);
  await expect(runOf(server.url).result({ timeout: "20s" })).rejects.toThrow(WaitTimeoutError);
  expect(server.requests.length).toBeLessThan(20);
});

test("what the server refuses is not asked again", async () => {
  await using server = await startScriptedServer(() => refusal(404, { code: "NOT_FOUND", message: "no such run" }));
  await expect(runOf(server.url).result()).rejects.toThrow(NotFoundError);
  expect(server.requests).toHaveLength(1);
});

test("a wait that gets no answer while other calls do goes on: a browser has few connections to a server", async () => {
  const clock = quickTime();
  let isAnswered = false;
  let polls = 0;
  await using server = await startScriptedServer(({ path }) => {
    if (!path.endsWith("greet.result")) return result("a");
    polls += isAnswered ? 1 : 0;
    if (polls === 1) clock.pass(90_000);
    return polls > 1 ? ended : hangUp;
  });
  const beckon = createJobsClient<Jobs>({ url: server.url });
  const output = beckon.greet.run("run_1").output();
  await expect.poll(() => server.requests).not.toHaveLength(0);
  clock.pass(90_000);
  await beckon.runs.get({ id: "run_1" });
  isAnswered = true;
  expect(await output).toBe("Hello");
});

const away = page(503, { "retry-after": "0" });

test.each([
  ["a page", away],
  ["JSON", json(503, { message: "no healthy upstream" }, { "retry-after": "0" })],
  ["JSON of a gateway that got no answer", json(504, { message: "timed out" }, { "retry-after": "0" })],
])("a wait ends with the server's absence when that has lasted too long, which %s tells", async (_form, told) => {
  const clock = quickTime();
  await using server = await startScriptedServer(
    () => told,
    () => {
      clock.pass(50_000);
      return told;
    },
  );
  await expect(runOf(server.url).result()).rejects.toThrow(UnavailableError);
  expect(server.requests).toHaveLength(4);
});

test("a wait outlives the sleep of its computer, whose network comes back after it", async () => {
  const clock = quickTime();
  await using server = await startScriptedServer(
    () => away,
    () => {
      clock.pass(3_600_000);
      return away;
    },
    () => away,
    () => ended,
  );
  expect(await runOf(server.url).output()).toBe("Hello");
});
